const tells = /\b(?:error|err|fatal|panic|critical|exception|severe|refused|timed? ?out|oomkilled)\b/i;
const longest = 160;

/**
 * The shape of a line of a log that tells of an error, so that two lines which differ in their times, ids and numbers
 * alone have the same one; undefined for a line that tells of none.
 */
export function errorTemplate(line: string): string | undefined {
  if (!tells.test(line)) return undefined;
  const shape = line
    .replace(/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?/g, '<time>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\b(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{5,10}-[0-9a-z]{5}\b/gi, '<id>')
    .replace(/\b(?:0x)?(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<id>')
    .replace(/(["'`])(?:(?!\1).)*\1/g, '<text>')
    .replace(/\d+(?:\.\d+)*/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  return shape === '' ? undefined : shape.slice(0, longest);
}
