import type { EventData } from '../../core/incident/events.ts';
import { sameIncident } from '../../core/signals/belongsTo.ts';
import { recordOf, type LiveSignal } from '../../core/signals/incomingSignal.ts';
import { withoutIcons } from '../../core/signals/plainText.ts';
import { pick } from '../ask/ask.ts';
import type { CommandDeps } from './commandDeps.ts';
import { record } from './onIncident.ts';

/**
 * A second declare for a service within minutes may be the same incident: asked, and what was to be declared is added to
 * the open one when it is. `joined`: added. Undefined: Esc, nothing was done.
 */
export async function askSameIncident(
  deps: CommandDeps,
  service: string | undefined,
  brought: {
    readonly signals: readonly LiveSignal[];
    readonly evidence: readonly EventData['EvidenceAdded'][];
  },
): Promise<'another' | 'joined' | undefined> {
  const open = sameIncident(service, deps.incidents.active(), deps.now());
  if (!open) return 'another';
  const answer = await pick(
    [
      {
        label: `$(flame) Same incident: ${withoutIcons(`${open.severity} ${open.title}`)}`,
        description: open.number,
        detail: `What you have is added to it, nothing new is declared. ${withoutIcons(open.declaredBy)} declared it.`,
        value: 'same' as const,
      },
      { label: '$(add) Declare another', description: 'it is something else', value: 'another' as const },
    ],
    {
      title: 'Same incident?',
      placeholder: `${open.number} of ${withoutIcons(service ?? 'this service')} has just been declared`,
    },
  );
  if (answer !== 'same') return answer;
  for (const signal of brought.signals)
    await record(deps, open, { type: 'AttachSignal', data: { signal: recordOf(signal) } });
  for (const data of brought.evidence) await record(deps, open, { type: 'AddEvidence', data });
  await deps.session.switchTo(open.id);
  return 'joined';
}
