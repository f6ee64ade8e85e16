import { annotationLines, heading, labelLines, line, row } from './describeLines.ts';
import { goText } from '../get/goText.ts';
import { pairsAt, recordAt, textAt } from '../look/look.ts';

const common = (object: unknown): string =>
  line('Name', textAt(object, 'metadata.name')) +
  line('Namespace', textAt(object, 'metadata.namespace')) +
  labelLines('Labels', object, 'metadata.labels') +
  annotationLines('Annotations', object, 'metadata.annotations');

/** kubectl's description of a kind it knows nothing of: its metadata, then every field. */
export const describeAny = (object: unknown): string => common(object) + fields(object, 0, '');

const shownAbove = ['managedFields', 'name', 'namespace', 'labels', 'annotations'].map(
  (field) => `.metadata.${field}`,
);

function fields(object: unknown, level: number, path: string): string {
  return Object.entries(recordAt({ object }, 'object'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]) => {
      const here = `${path}.${field}`;
      if (shownAbove.includes(here)) return '';
      if (Array.isArray(value))
        return (
          heading(titleOf(field), level) +
          (value as unknown[])
            .map((each) => (isMap(each) ? fields(each, level + 1, here) : row(level + 1, goText(each))))
            .join('')
        );
      return isMap(value)
        ? heading(titleOf(field), level) + fields(value, level + 1, here)
        : line(titleOf(field), goText(value), level);
    })
    .join('');
}

const isMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `creationTimestamp` as `Creation Timestamp`, `apiVersion` as `API Version`; other letters leave it as it is. */
export function titleOf(field: string): string {
  if (!/^[A-Za-z-]+$/.test(field)) return field;
  const parts = field.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|-+/g) ?? [field];
  const merged: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    const next = parts[index + 1] ?? '';
    const joins = /^[A-Z]{2,}$/.test(part) && /^[A-Z]/.test(next);
    merged.push(joins ? part + next : part);
    if (joins) index += 1;
  }
  return merged
    .map((part) =>
      /^(?:api|url|uid|guid)$/i.test(part)
        ? part.toUpperCase()
        : part === part.toLowerCase()
          ? part.charAt(0).toUpperCase() + part.slice(1)
          : part,
    )
    .join(' ');
}

export const describeConfigMap = (object: unknown): string =>
  common(object) +
  '\nData\n====\n' +
  pairsAt(object, 'data')
    .map(([key, value]) => `${key}:\n----\n${value}\n\n`)
    .join('') +
  '\nBinaryData\n====\n' +
  pairsAt(object, 'binaryData')
    .map(([key, value]) => `${key}: ${Buffer.from(value, 'base64').length} bytes\n`)
    .join('') +
  '\n';

/** Sizes only: the values of a Secret are never printed, of no kind of Secret. */
export const describeSecret = (object: unknown): string =>
  common(object) +
  `\nType:\t${textAt(object, 'type')}\n` +
  '\nData\n====\n' +
  pairsAt(object, 'data')
    .map(([key, value]) => line(key, `${Buffer.from(value, 'base64').length} bytes`))
    .join('');
