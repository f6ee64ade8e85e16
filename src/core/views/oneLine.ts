/** Text on one line for a label: line ends become ` / `, other white space one space, cut at `max` characters with `…`. */
export function oneLine(text: string, max = 200): string {
  const lines = text.split(/[\r\n\u2028\u2029]+/).map((line) => line.replace(/\s+/g, ' ').trim());
  const joined = lines.filter((line) => line !== '').join(' / ');
  const characters = [...joined.slice(0, 2 * max + 2)];
  return characters.length <= max ? joined : `${characters.slice(0, max - 1).join('')}…`;
}
