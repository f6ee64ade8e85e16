import { readEvidence } from '../../core/signals/pastedReport.ts';
import { askText } from '../ask.ts';
import type { CommandFactory } from './commandDeps.ts';
import { currentIncident, record } from './onIncident.ts';

/** Keeps what somebody outside reported: pasted text, or an address. */
export const addEvidence: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const pasted = await askText({
    title: `Evidence for ${at.incident.number}`,
    prompt: 'Paste what was reported, or the address where it stands. It is kept word for word.',
    placeholder: 'https://support.example.com/tickets/4711',
    validate: (text) => (readEvidence(text) ? undefined : 'Paste something, or press Esc.'),
  });
  const data = pasted === undefined ? undefined : readEvidence(pasted);
  if (data) await record(deps, at.incident, { type: 'AddEvidence', data });
};
