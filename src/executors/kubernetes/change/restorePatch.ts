import type { RestoredField } from '../../../core/plan/kubectl/kubernetesAction.ts';

/** The JSON patch (RFC 6902) that tests every field before it puts any of them back. */
export const restorePatch = (fields: readonly RestoredField[]): readonly object[] => [
  ...fields.flatMap(testOf),
  ...fields.flatMap(putBack),
];

const testOf = ({ pointer, after }: RestoredField): object[] =>
  after === undefined ? [] : [{ op: 'test', path: pointer, value: JSON.parse(after) as unknown }];

function putBack({ pointer, before, after }: RestoredField): object[] {
  if (before === after) return []; // named only to be sure that the item is still the same one
  if (before === undefined) return [{ op: 'remove', path: pointer }];
  const op = after === undefined ? 'add' : 'replace';
  return [{ op, path: pointer, value: JSON.parse(before) as unknown }];
}
