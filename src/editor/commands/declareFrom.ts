import * as vscode from 'vscode';
import type { DeclareDraft } from '../../core/signals/draftFromSignal.ts';
import { recordOf, type LiveSignal } from '../../core/signals/incomingSignal.ts';
import { declareRows } from '../../core/views/declareRows.ts';
import { askText, askTime, pick } from '../ask/ask.ts';
import { askTarget, defaultTarget } from '../ask/askTarget.ts';
import type { CommandDeps } from './commandDeps.ts';
import { askSameIncident } from './askSameIncident.ts';
import { afterDeclare, askService, askSeverity, declareCommand } from './declare.ts';
import { record } from './onIncident.ts';

export interface PrefilledDeclare {
  readonly draft: DeclareDraft;
  /** What it is declared from, attached with the declare. */
  readonly signals: readonly LiveSignal[];
  /** The alert's own namespace label. */
  readonly namespace?: string | undefined;
  /** The person has said already that it is no incident that is open. */
  readonly isAnother?: boolean;
}

/**
 * Declares with values that came from elsewhere, after one question that shows them all: Enter declares, each can be
 * changed first, Esc leaves nothing behind.
 */
export async function declarePrefilled(deps: CommandDeps, prefilled: PrefilledDeclare): Promise<void> {
  const guide = deps.guides.guideOf(undefined);
  let { draft } = prefilled;
  let target = defaultTarget(deps.cluster);
  for (;;) {
    const rows = declareRows(draft, target, deps.now(), prefilled.namespace);
    const key = await pick(
      rows.map(({ key: value, ...row }) => ({ ...row, value })),
      {
        title: 'Declare Incident',
        placeholder: 'Enter declares with these values; pick another row to change one first',
      },
    );
    if (key === undefined) return;
    if (key === 'declare') break;
    const prompt = { title: 'Declare Incident' };
    if (key === 'target') target = (await askTarget(deps.cluster, prompt)) ?? target;
    else if (key === 'severity')
      draft = { ...draft, severity: (await askSeverity(guide, draft.severity)) ?? draft.severity };
    else if (key === 'service') {
      const service = await askService(guide, deps.cluster);
      if (service !== undefined) draft = { ...draft, service: service || undefined };
    } else if (key === 'onset') {
      const onset = await askTime('Started', 'Since when is it so?', draft.onset ?? deps.now());
      draft = { ...draft, onset: onset ?? draft.onset };
    } else if (key === 'title') {
      const title = await askText({
        ...prompt,
        prompt: 'What is wrong, in a few words?',
        value: draft.title,
        validate: (text) => (text ? undefined : 'Type what is wrong, or press Esc.'),
      });
      draft = { ...draft, title: title ?? draft.title };
    } else await openRunbook(deps, draft);
  }
  const { title, severity, service, onset } = draft;
  if (severity === undefined) return;
  // A link may come without a title: what was declared then is what it is about.
  const signals = prefilled.signals.map((signal) => recordOf({ ...signal, title: signal.title || title }));
  if (!prefilled.isAnother) {
    const joined = await askSameIncident(deps, service, { signals: prefilled.signals, evidence: [] });
    if (joined !== 'another') return;
  }
  const at = onset !== undefined && onset > deps.now() ? deps.now() : onset;
  const declared = await record(
    deps,
    undefined,
    declareCommand(
      deps,
      guide,
      { title, severity, service, target },
      {
        signals,
        ...(at === undefined ? {} : { onset: { at } }),
      },
    ),
  );
  if (!declared) return;
  await afterDeclare(deps, declared);
  if (draft.runbook?.kind === 'guide') await deps.pages.open(draft.runbook.id);
}

async function openRunbook(deps: CommandDeps, { runbook }: DeclareDraft): Promise<void> {
  if (runbook?.kind === 'guide') await deps.pages.open(runbook.id);
  else if (runbook) await vscode.commands.executeCommand('incident.openLink', runbook.url);
}
