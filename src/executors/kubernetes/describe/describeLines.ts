import { listAt, pairsAt, recordAt, textAt } from '../look/look.ts';
import { alignTabs, withoutEscapes } from '../get/tabWriter.ts';

// The lines of a description before they are aligned: cells end with a tab, levels are two spaces deep.

const indent = (level: number): string => '  '.repeat(level);

/** `Name:` and its value, in one line. */
export const line = (label: string, value: string | number | boolean, level = 0): string =>
  `${indent(level)}${label}:\t${value}\n`;

/** The same where there is a value; nothing otherwise. */
export const lineIf = (label: string, value: string | number | undefined, level = 0): string =>
  value === undefined || value === '' ? '' : line(label, value, level);

export const heading = (label: string, level = 0): string => `${indent(level)}${label}:\n`;

/** Cells beside each other. */
export const row = (level: number, ...cells: readonly (string | number)[]): string =>
  `${indent(level)}${cells.join('\t')}\n`;

/** Several values below each other; `<none>` without any. `title` may bring its own indentation. */
export function lines(title: string, values: readonly string[]): string {
  const shown = values.length === 0 ? ['<none>'] : values;
  return shown.map((value, index) => `${index === 0 ? `${title}:` : ''}\t${value}\n`).join('');
}

export const labelLines = (title: string, object: unknown, path: string): string =>
  lines(
    title,
    pairsAt(object, path).map(([key, value]) => `${key}=${value}`),
  );

/** A longer line is shown below its key, and cut. */
const longestAnnotation = 140;
/** Where kubectl keeps a copy of the whole object. */
const notShown = 'kubectl.kubernetes.io/last-applied-configuration';

export function annotationLines(title: string, object: unknown, path: string): string {
  const shown = pairsAt(object, path).filter(([key]) => key !== notShown);
  if (shown.length === 0) return `${title}:\t<none>\n`;
  const texts = shown.map(([key, whole]) => {
    const value = whole.replace(/\n$/, '');
    if (value.length + key.length + 2 <= longestAnnotation && !value.includes('\n'))
      return `\t${key}: ${value}\n`;
    const most = longestAnnotation - 2;
    const parts = value.split('\n').map((part) => (part.length > most ? `${part.slice(0, most)}...` : part));
    return `\t${key}:\n${parts.map((part) => `\t  ${part}\n`).join('')}`;
  });
  return `${title}:${texts.join('')}`;
}

/** `a=b,c=d`, or `<none>`. */
export const labelText = (object: unknown, path: string): string =>
  pairsAt(object, path)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';

/** A label selector as kubectl writes it: `app=web,tier in (a,b)`. */
export function selectorLine(object: unknown, path: string): string {
  const labels = pairsAt(object, `${path}.matchLabels`).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  const expressions = listAt(object, `${path}.matchExpressions`).map((each) => {
    const key = textAt(each, 'key');
    const values = listAt(each, 'values').map(String).sort().join(',');
    const operator = textAt(each, 'operator');
    if (operator === 'Exists') return { key, text: key };
    if (operator === 'DoesNotExist') return { key, text: `!${key}` };
    return { key, text: `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values})` };
  });
  return [...labels, ...expressions]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(',');
}

/** `Deployment/web` for what owns an object. */
export function controllerOf(object: unknown): string {
  const owner = listAt(object, 'metadata.ownerReferences').find(
    (each) => recordAt({ each }, 'each')['controller'] === true,
  );
  return owner === undefined ? '' : `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** An API timestamp as kubectl's descriptions write it, in this machine's time zone: `Mon, 23 Nov 2026 17:37:07 +0000`. */
export function timeText(timestamp: string): string {
  const at = new Date(timestamp);
  if (Number.isNaN(at.getTime())) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const offset = -at.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const date = `${days[at.getDay()]}, ${two(at.getDate())} ${months[at.getMonth()]} ${at.getFullYear()}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} ${zone}`;
}

/** Aligns a whole description as kubectl does. */
export const renderDescription = (text: string): string =>
  withoutEscapes(alignTabs(text, { minWidth: 0, padding: 2 }));
