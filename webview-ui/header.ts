import type { PageTarget, RunbookPageState, StepCard } from '../src/shared/runbookPage.ts';
import { bindAction, createError } from './action.ts';
import { formatDue, formatElapsed, formatUtcTime } from './clock.ts';
import { element, setAttribute, setChildren, setHidden, setText } from './element.ts';
import type { Requests } from './requests.ts';
import { createButton, createTag } from './toolkit.ts';

/** The sticky head: which incident, how late it is, where commands go, and a way to every step. */
export function createHeader(
  requests: Requests,
  goTo: (step: string) => void,
): { readonly root: HTMLElement; update(state: RunbookPageState): void; tick(now: number): void } {
  let state: RunbookPageState | undefined;
  const severity = createTag();
  severity.classList.add('severity');
  const number = element('span', { class: 'incident-number' });
  const title = element('span', { class: 'incident-title' });
  const drill = createTag();
  drill.classList.add('drill');
  drill.textContent = 'Drill';
  const resolved = createTag();
  resolved.classList.add('resolved');

  const elapsed = createFact('Elapsed');
  const response = createFact('Response due');
  const update = createFact('Update due');
  const soak = createFact('Soak window ends');
  const relapse = createFact('Relapse');
  const target = createFact('Target');
  const argoCd = createFact('Argo CD');
  const aws = createFact('AWS');
  const pin = createButton('Pin target', 'secondary');
  const error = createError();
  bindAction(pin, error, () => requests.send('pinTarget', {}));

  const steps = element('ol', { class: 'step-links' });
  steps.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link) return;
    event.preventDefault();
    goTo(link.dataset['step'] ?? '');
  });
  const nav = element('nav', { attributes: { 'aria-label': 'Steps' } }, steps);
  const root = element(
    'header',
    { class: 'page-head', attributes: { 'aria-label': 'Incident' } },
    element('div', { class: 'incident-line' }, severity, number, title, drill, resolved),
    element(
      'div',
      { class: 'facts' },
      elapsed.root,
      response.root,
      update.root,
      soak.root,
      relapse.root,
      element('div', { class: 'target' }, target.root, argoCd.root, aws.root, pin),
    ),
    error,
    nav,
  );

  const tick = (now: number): void => {
    const incident = state?.incident;
    if (!incident) return;
    const end = incident.resolvedAt === undefined ? now : Date.parse(incident.resolvedAt);
    elapsed.show(formatElapsed(end - Date.parse(incident.declaredAt)), false);
    for (const [fact, due] of [
      [response, incident.responseDueAt],
      [update, incident.updateDueAt],
    ] as const) {
      setHidden(fact.root, due === undefined);
      if (due === undefined) continue;
      const { text, late } = formatDue(Date.parse(due), now);
      fact.show(text, late);
    }
    setHidden(soak.root, incident.soakEndsAt === undefined);
    // At its end a last look is made: until that is done it is about to end, not late.
    if (incident.soakEndsAt !== undefined)
      soak.show(formatDue(Math.max(now, Date.parse(incident.soakEndsAt)), now).text, false);
  };
  return {
    root,
    tick,
    update(next) {
      state = next;
      const { incident } = next;
      setHidden(severity, !incident);
      setHidden(number, !incident);
      setHidden(drill, !incident?.drill);
      setHidden(resolved, incident?.status !== 'resolved');
      setHidden(elapsed.root, !incident);
      setHidden(response.root, true);
      setHidden(update.root, true);
      setHidden(soak.root, true);
      setHidden(relapse.root, incident?.relapse === undefined);
      relapse.show(incident?.relapse ?? '', true);
      setText(severity, incident?.severity ?? '');
      setAttribute(severity, 'data-rank', String(Math.min(incident?.rank ?? 3, 3)));
      setText(number, incident?.number ?? '');
      setText(title, incident?.title ?? 'No active incident');
      title.title = incident?.title ?? '';
      setText(resolved, incident?.resolvedAt ? `Resolved ${formatUtcTime(incident.resolvedAt)}` : 'Resolved');
      target.show(targetText(next.target), next.target.warning !== undefined);
      setHidden(argoCd.root, next.target.argoCdServer === undefined);
      argoCd.show(next.target.argoCdServer?.replace(/^https?:\/\//, '') ?? '', false);
      const account = [next.target.awsProfile, next.target.awsRegion].filter((part) => part !== undefined);
      setHidden(aws.root, account.length === 0);
      aws.show(account.join(' / '), false);
      setHidden(pin, !incident || incident.status === 'resolved');
      setText(pin, next.target.context === undefined ? 'Pin target' : 'Change');
      setAttribute(
        pin,
        'aria-label',
        next.target.context === undefined ? 'Pin target' : 'Change the pinned target',
      );
      setHidden(nav, next.steps.length < 2);
      setChildren(steps, next.steps.map(stepLink), drawStepLink);
    },
  };
}

const targetText = ({ context, namespace }: PageTarget): string =>
  context === undefined ? 'not pinned' : `${context} / ${namespace ?? 'default namespace'}`;

/** A label with a value beside it; a late one turns to the warning tone and says so in words. */
function createFact(label: string): { readonly root: HTMLElement; show(text: string, late: boolean): void } {
  const value = element('span', { class: 'fact-value' });
  const root = element(
    'div',
    { class: 'fact' },
    element('span', { class: 'fact-label', text: label }),
    value,
  );
  return {
    root,
    show(text, late) {
      setText(value, text);
      root.classList.toggle('late', late);
    },
  };
}

interface StepLink {
  readonly step: string;
  readonly number: number;
  readonly look: string;
  readonly words: string;
}

function stepLink({ id, number, text, state, run }: StepCard): StepLink {
  const ended = { ok: 'ran', neutral: 'ran', bad: 'failed' }[run?.tone ?? 'neutral'];
  const words = { idle: 'to do', running: 'running', ended, done: 'done', skipped: 'skipped' }[state];
  const look = state === 'ended' ? (run?.tone ?? 'neutral') : state;
  return { step: id, number, look, words: `Step ${number}, ${words}: ${text}` };
}

function drawStepLink({ step, number, look, words }: StepLink): HTMLElement {
  const link = element('a', {
    text: String(number),
    attributes: { href: '#', 'data-step': step, 'data-look': look, 'aria-label': words, title: words },
  });
  return element('li', {}, link);
}
