const longest = 200;

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** With a digit: `deadbeef` may be a word. */
const hex = '0x[0-9a-f]+|(?=[0-9a-f]*\\d)[0-9a-f]{8,}';
/** What Kubernetes puts behind a deployment's name: `7d9f8c6b5-x2k4q`. */
const podSuffix = '(?=[0-9a-z]*\\d)(?=[0-9a-z]*[a-z])[0-9a-z]{5,10}-[0-9a-z]{5}';

const time = /\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?/g;
const id = new RegExp(`\\b(?:${uuid}|${podSuffix}|${hex})\\b`, 'gi');
const segment = new RegExp(`/(?:\\d+|${uuid}|${hex})(?=/|$)`, 'gi');

/**
 * A line of a log without what is another one each time: times, ids, addresses, numbers. Lines with one pattern say the
 * same. Ids and numbers are one and the same `<n>`, for an id may happen to be all digits. Quoted text stays: in a log of
 * JSON or of `msg="…"` it is all that a line says.
 */
export const logPattern = (line: string): string =>
  line
    .replace(time, '<time>')
    .replace(id, '<n>')
    .replace(/\d+(?:\.\d+)*/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .slice(0, longest);

/** The path of a request without the ids in it: `/orders/:id`. Only a whole segment is one: `/v2` and `/api-3` are names. */
export const pathPattern = (path: string): string => path.replace(segment, '/:id').slice(0, 120);
