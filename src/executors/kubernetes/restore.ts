import type { KubernetesAction, RestoredField } from '../../core/plan/kubernetesAction.ts';
import { runPatch } from './patch.ts';
import type { VerbContext, VerbOutcome } from './verb.ts';

/** Puts fields back in one JSON patch that first tests each of them: the server refuses it whole if one has moved on. */
export const runRestore = (
  context: VerbContext,
  { resource, fields }: Extract<KubernetesAction, { verb: 'restore' }>,
): Promise<VerbOutcome> =>
  runPatch(context, {
    verb: 'patch',
    resource,
    patch: JSON.stringify([...fields.flatMap(testOf), ...fields.map(putBack)]),
    patchType: 'json',
    dryRun: false,
  });

const testOf = ({ pointer, after }: RestoredField): object[] =>
  after === undefined ? [] : [{ op: 'test', path: pointer, value: JSON.parse(after) as unknown }];

const putBack = ({ pointer, before }: RestoredField): object =>
  before === undefined
    ? { op: 'remove', path: pointer }
    : { op: 'add', path: pointer, value: JSON.parse(before) as unknown };
