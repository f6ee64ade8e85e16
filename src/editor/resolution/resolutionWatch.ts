import * as vscode from 'vscode';
import type { Incident } from '../../core/incident/incident.ts';
import { runningSoak } from '../../core/resolution/foldResolution.ts';
import type { Soak } from '../../core/resolution/soak.ts';
import { oneLine } from '../../core/views/oneLine.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import type { LazyActs } from '../lazyActs.ts';

type Needs = Pick<CommandDeps, 'session' | 'incidents'> & { readonly acts: Pick<LazyActs, 'get'> };

/**
 * Keeps soak windows going in this window, and tells once, in each window that was there when it happened, that one has
 * passed or that something came back.
 */
export function registerResolutionWatch({ session, incidents, acts }: Needs): vscode.Disposable {
  const known = new Map<string, Soak['state']>();
  let isFirst = true;
  const look = (): void => {
    for (const incident of incidents.all()) {
      const soak = incident.soaks.at(-1);
      if (!soak) continue;
      const before = known.get(soak.id);
      known.set(soak.id, soak.state);
      // What was so before this window looked is in the tree and the status bar; it is no news.
      if (isFirst || before === soak.state || (before === undefined && soak.state !== 'relapsed')) continue;
      void tell(incident, soak, before);
    }
    isFirst = false;
    if (incidents.active().some(runningSoak)) acts.get().resolutions.wake();
  };
  let isReady = false;
  void session.ready().then(() => {
    isReady = true;
    look();
  });
  return session.onDidChange(() => {
    if (isReady) look();
  });
}

async function tell(incident: Incident, soak: Soak, before: Soak['state'] | undefined): Promise<void> {
  const { number, id } = incident;
  switch (soak.state) {
    case 'relapsed':
      return offer('error', `Relapse in ${number}: ${oneLine(soak.relapse.join('; '), 300)}.`, {
        Reopen: ['incident.reopen', id],
        'Look…': ['incident.resolve', id],
      });
    case 'passed':
      // By itself it is resolved a moment later, which is told then.
      if (soak.then === 'resolve' && soak.open.length === 0) return;
      return offer('info', `The soak window of ${number} has passed${howItPassed(soak)}.`, {
        'Resolve…': ['incident.resolve', id],
      });
    case 'resolved':
      if (before === 'resolved' || soak.then !== 'resolve') return;
      return offer('info', `${number} is resolved: the soak window has passed without a relapse.`, {
        'Tell the Others…': ['incident.tellResolved', id],
        'Draft Post-Mortem': ['incident.draftPostMortem', id],
      });
    case 'running':
    case 'cancelled':
    case 'reopened':
      return;
  }
}

const howItPassed = ({ open }: Soak): string =>
  open.length === 0 ? ' without a relapse' : `, and not all is good: ${oneLine(open.join(', '), 200)}`;

/** Says that an incident was to be resolved by itself and was not, with why. */
export const tellUnresolved = ({ number, id }: Incident, why: string): void =>
  void offer('error', `${number} was to be resolved now that its soak window has passed: ${why}`, {
    'Resolve…': ['incident.resolve', id],
  });

async function offer(
  kind: 'info' | 'error',
  sentence: string,
  buttons: Readonly<Record<string, readonly [command: string, ...args: readonly unknown[]]>>,
): Promise<void> {
  const show = kind === 'error' ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const answer = await show(sentence, ...Object.keys(buttons));
  const chosen = answer === undefined ? undefined : buttons[answer];
  if (chosen) await vscode.commands.executeCommand(...chosen);
}
