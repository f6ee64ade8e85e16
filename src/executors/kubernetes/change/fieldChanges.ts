import { isDeepStrictEqual } from 'node:util';
import type { RestoredField } from '../../../core/plan/kubectl/kubernetesAction.ts';

export interface ChangedField {
  /** `spec.rules[a].host` */
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** Fields the server keeps for itself: they change with any write and say nothing about it. */
const ownFields = new Set([
  '/metadata/managedFields',
  '/metadata/resourceVersion',
  '/metadata/generation',
  '/status',
]);

/** kubectl apply's copy of the object, on one line: put back with the rest, but nobody reads it. */
const bookkeeping = '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration';

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The leaves that differ between two versions of an object, list items matched by their name where they have one. */
export function changedFields(before: unknown, after: unknown, path = '', pointer = ''): ChangedField[] {
  if (ownFields.has(pointer) || pointer === bookkeeping || isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    return keysOf(before, after).flatMap((key) =>
      changedFields(
        before[key],
        after[key],
        path === '' ? key : `${path}.${key}`,
        `${pointer}/${escaped(key)}`,
      ),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const key = identityOf(before, after);
    const [left, right] = [byIdentity(before, key), byIdentity(after, key)];
    return [...new Set([...left.keys(), ...right.keys()])].flatMap((id) =>
      changedFields(left.get(id), right.get(id), `${path}[${id}]`, `${pointer}/-`),
    );
  }
  return [{ field: path, before: brief(before, 200), after: brief(after, 200) }];
}

/**
 * What has to be put back to undo a change, by JSON pointer (RFC 6901), and nothing besides. Inside a list that kept its
 * items in place the item's own fields are named, with its identity as a field that does not change, so that an item
 * which has moved since is noticed; a list that was restructured, or whose items have no identity, is one field.
 */
export function restoredFields(before: unknown, after: unknown, pointer = ''): RestoredField[] {
  if (ownFields.has(pointer) || isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    return keysOf(before, after).flatMap((key) =>
      restoredFields(before[key], after[key], `${pointer}/${escaped(key)}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const key = identityOf(before, after);
    const stays =
      key !== undefined &&
      before.length === after.length &&
      before.every((item, index) => item[key] === (after[index] as Item)[key]);
    if (stays) {
      return (before as readonly Item[]).flatMap((item, index) => {
        const changes = restoredFields(item, after[index], `${pointer}/${index}`);
        if (changes.length === 0) return [];
        const id = JSON.stringify(item[key]);
        return [{ pointer: `${pointer}/${index}/${escaped(key)}`, before: id, after: id }, ...changes];
      });
    }
  }
  return [{ pointer, before: jsonOf(before), after: jsonOf(after) }];
}

type Item = Record<string, unknown>;

/** What tells the items of the API's lists apart, in the order in which it is looked for. */
const identities = ['name', 'key', 'host', 'path', 'mountPath', 'ip', 'containerPort', 'port', 'uid', 'type'];

/** The field by which every item of both lists is known, each value once in each list. */
function identityOf(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  return identities.find((key) =>
    [before, after].every((list) => {
      const ids = list.map((item) => (isRecord(item) ? item[key] : undefined));
      const said = ids.every((id) => typeof id === 'string' || typeof id === 'number');
      return said && new Set(ids).size === ids.length;
    }),
  );
}

const byIdentity = (items: readonly unknown[], key: string | undefined): Map<string, unknown> =>
  new Map(
    items.map((item, index) => [
      key === undefined ? String(index) : String((item as Record<string, string>)[key]),
      item,
    ]),
  );

const keysOf = (before: object, after: object): string[] => [
  ...new Set([...Object.keys(before), ...Object.keys(after)]),
];

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** What lies at a JSON pointer; undefined where there is nothing. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** `/spec/template/spec/containers/0/image` as a person reads it: `spec.template.spec.containers[0].image`. */
export const readablePointer = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, token) => (/^\d+$/.test(token) ? `${path}[${token}]` : path === '' ? token : `${path}.${token}`),
      '',
    );

/** The first field whose live value is not the JSON text expected of it; undefined when all are as expected. */
export function movedField(
  live: unknown,
  fields: readonly RestoredField[],
  side: 'before' | 'after',
): { readonly field: string; readonly expected: string; readonly live: string } | undefined {
  for (const each of fields) {
    const expected = each[side] === undefined ? undefined : (JSON.parse(each[side]) as unknown);
    const now = valueAt(live, each.pointer);
    if (isDeepStrictEqual(expected, now)) continue;
    const secret = isRecord(live) && live['kind'] === 'Secret';
    return {
      field: readablePointer(each.pointer),
      expected: secret ? '(hidden)' : brief(expected),
      live: secret ? '(another value)' : brief(now),
    };
  }
  return undefined;
}

const jsonOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);

const shown = (value: unknown): string => {
  if (value === undefined) return '(not set)';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A whole list or template in a sentence helps nobody; the diff shows it. */
function brief(value: unknown, longest = 80): string {
  const text = shown(value);
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}
