import { kindName } from '../objects/discovery.ts';
import type { RolloutAction } from './rollout.ts';
import { fetchRevisions } from './rolloutRevisions.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';

/** kubectl rollout history: the revisions with their causes, letter for letter as kubectl prints them. */
export async function rolloutHistory(context: VerbContext, action: RolloutAction): Promise<VerbOutcome> {
  const found = await fetchRevisions(context, action.resource);
  if (!found.ok) return failVerb(context, found.failure);
  const { kind, all } = found.value;
  const rows = all.map(({ number, cause }) => [String(number), cause || '<none>']);
  const lines = [['REVISION', 'CHANGE-CAUSE'], ...rows].map(
    ([number = '', cause]) => number.padEnd(10) + cause,
  );
  const table = rows.length === 0 ? 'No rollout history found.' : `${lines.join('\n')}\n`;
  await context.output.write(`${kindName(kind)}/${action.resource.name} \n${table}\n`);
  return succeeded();
}
