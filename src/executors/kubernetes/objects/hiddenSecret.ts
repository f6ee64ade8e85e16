import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../change/fieldChanges.ts';
import { lastAppliedAnnotation } from '../change/clientSideApply.ts';

export const isSecret = (object: unknown): boolean =>
  isRecord(object) && object['kind'] === 'Secret' && (object['apiVersion'] ?? 'v1') === 'v1';

/**
 * Two versions of a Secret with its values hidden, as kubectl diff hides them: what differs can be told, but not read. Any
 * other object is given back as it is.
 */
export function withHiddenValues(
  before: unknown,
  after: unknown,
): readonly [before: unknown, after: unknown] {
  if (!isSecret(before) && !isSecret(after)) return [before, after];
  return [hide(before, after, '(before)'), hide(after, before, '(after)')];
}

function hide(object: unknown, other: unknown, mark: string): unknown {
  if (!isRecord(object)) return object;
  const fields = ['data', 'stringData'].flatMap((field) => {
    const values = object[field];
    if (!isRecord(values)) return [];
    const others = isRecord(other) && isRecord(other[field]) ? other[field] : {};
    const hidden = Object.entries(values).map(([key, value]) => {
      const same = !Object.hasOwn(others, key) || isDeepStrictEqual(others[key], value);
      return [key, same ? '***' : `*** ${mark}`];
    });
    return [[field, Object.fromEntries(hidden)]];
  });
  const { metadata } = object;
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  if (!isRecord(metadata) || !isRecord(annotations)) return { ...object, ...Object.fromEntries(fields) };
  const { [lastAppliedAnnotation]: _applied, ...kept } = annotations;
  return { ...object, ...Object.fromEntries(fields), metadata: { ...metadata, annotations: kept } };
}
