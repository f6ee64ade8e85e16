import * as vscode from 'vscode';
import { dueThings, type DueThing } from '../../core/incident/dueThings.ts';
import { callsByClock } from '../../core/incident/escalation.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { pageResolvedText } from '../../core/views/pageTexts.ts';
import { unlinked } from '../../core/signals/plainText.ts';
import { lateSentence, nameOfLevel } from '../../core/views/escalationTexts.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import type { LazyActs } from '../lazyActs.ts';
import { getSetting } from '../settings.ts';

type Needs = Pick<CommandDeps, 'session' | 'guides' | 'incidents' | 'journal' | 'now'> & {
  readonly acts: Pick<LazyActs, 'get'>;
};

/**
 * Tells once when a clock of an active incident runs out, of one that this window does not work on too: no other window
 * may be there to do it. A button works on that incident first.
 */
export function registerClockWatch(deps: Needs): vscode.Disposable {
  const { session, guides, incidents, now } = deps;
  const told = new Set<string>();
  const look = (): void => {
    for (const incident of incidents.active())
      for (const thing of dueThings(incident, guides.guideOf(incident.guideFile), now())) {
        if (told.has(thing.key)) continue;
        told.add(thing.key);
        void tell(deps, incident, thing);
      }
  };
  const timer = setInterval(look, 1_000);
  const subscription = session.onDidChange(look);
  return new vscode.Disposable(() => {
    clearInterval(timer);
    subscription.dispose();
  });
}

async function tell(deps: Needs, incident: Incident, thing: DueThing): Promise<void> {
  const offer = (sentence: string, buttons: Buttons) => offerOn(deps, incident, sentence, buttons);
  switch (thing.kind) {
    case 'update':
      return offer(`Update ${thing.number} of ${incident.number} is due.`, {
        'Send…': ['incident.postUpdate'],
        'No Change': ['incident.postNoChange'],
        'Snooze…': ['incident.snoozeUpdate'],
      });
    case 'late-call': {
      const { late, next } = thing;
      if (next && (await calledByItself(deps, incident, next))) return;
      return offer(`${incident.number}: ${lateSentence(late, next)}`, {
        'Escalate…': next ? ['incident.escalate', next.level] : ['incident.escalate'],
        'Somebody Answered…': ['incident.acknowledgeEscalation'],
      });
    }
    case 'page-resolved':
      return offer(`${incident.number}: ${unlinked(pageResolvedText(thing.seen))}.`, {
        'Resolve…': ['incident.resolve', incident.id],
      });
    case 'raised':
      return offer(
        `${incident.number} is ${incident.severity} now, whose people were not all called. ${nameOfLevel(thing.next)}.`,
        { 'Escalate…': ['incident.escalate', thing.next.level] },
      );
  }
}

async function calledByItself(
  { acts, incidents, journal }: Needs,
  incident: Incident,
  next: NonNullable<Extract<DueThing, { kind: 'late-call' }>['next']>,
): Promise<boolean> {
  if (!getSetting('escalation.automatic')) return false;
  // Another window of this incident does it, and tells it there.
  if (!callsByClock(incident, journal.writer, incidents.liveWriters())) return false;
  return acts.get().escalateByClock(incident, next);
}

type Buttons = Readonly<Record<string, readonly [command: string, ...args: readonly unknown[]]>>;

async function offerOn(
  { session }: Pick<Needs, 'session'>,
  { id }: Incident,
  sentence: string,
  buttons: Buttons,
): Promise<void> {
  const answer = await vscode.window.showWarningMessage(sentence, ...Object.keys(buttons));
  const chosen = answer === undefined ? undefined : buttons[answer];
  if (!chosen) return;
  const [command, ...args] = chosen;
  // What the commands act on is the incident at hand.
  if (session.current()?.id !== id) await session.switchTo(id);
  await vscode.commands.executeCommand(command, ...args);
}
