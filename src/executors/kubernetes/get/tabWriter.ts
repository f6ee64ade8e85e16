/**
 * Aligns text whose cells end with a tab, as Go's `text/tabwriter` does: lines below each other that have a cell in the
 * same place share its width, which is the widest of them and `padding` more, at least `minWidth`. What stands behind a
 * line's last tab is not aligned. https://pkg.go.dev/text/tabwriter
 */
export function alignTabs(
  text: string,
  { minWidth, padding }: { minWidth: number; padding: number },
): string {
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n').map((line) => line.split('\t'));
  const widths: number[][] = lines.map(() => []);
  const align = (from: number, to: number, column: number): void => {
    for (let line = from; line < to; line += 1) {
      if (cells(lines[line]) <= column) continue;
      let end = line;
      let width = minWidth;
      while (end < to && cells(lines[end]) > column) {
        const cell = lines[end]?.[column] ?? '';
        width = Math.max(width, characters(cell) + padding);
        end += 1;
      }
      for (let each = line; each < end; each += 1) (widths[each] ??= [])[column] = width;
      align(line, end, column + 1);
      line = end - 1;
    }
  };
  align(0, lines.length, 0);
  return (
    lines
      .map((line, index) =>
        line
          .map((cell, column) =>
            column === line.length - 1
              ? cell
              : cell + ' '.repeat(Math.max(0, (widths[index]?.[column] ?? 0) - characters(cell))),
          )
          .join(''),
      )
      .join('\n') + (ended ? '\n' : '')
  );
}

/** How many cells of a line are ended by a tab. */
const cells = (line: readonly string[] | undefined): number => (line?.length ?? 1) - 1;

/** Letters as Go counts them: code points. */
export const characters = (text: string): number =>
  /^[\x20-\x7e]*$/.test(text) ? text.length : [...text].length;

/** A terminal escape in a name, status or message must not reach the screen; kubectl shows it as ^[. */
export const withoutEscapes = (text: string): string => text.replaceAll('\u001b', '^[');
