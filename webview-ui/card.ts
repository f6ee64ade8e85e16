import type { CardPlace, CardRun, StepCard } from '../src/shared/runbookPage.ts';
import { bindAction, createError } from './action.ts';
import { formatDuration, formatElapsed, formatUtcTime } from './clock.ts';
import { createCardApproval, runLabelOf } from './cardApproval.ts';
import { createCardCommand } from './cardCommand.ts';
import { createCardChanges } from './cardChanges.ts';
import { createAssertions, createVerdict } from './cardFindings.ts';
import { element, setAttribute, setChildren, setHidden, setText, setTextOrHide } from './element.ts';
import { createIcon, type IconName } from './icon.ts';
import type { KeyedView } from './keyed.ts';
import type { Memory } from './memory.ts';
import { createCardPlots } from './cardPlots.ts';
import { createEarlierRuns } from './earlierRuns.ts';
import { createNote, createSkipReason } from './note.ts';
import type { Requests } from './requests.ts';
import { createTail, type Tail } from './tail.ts';
import { createButton, createProgressRing, createTag } from './toolkit.ts';

export interface CardItem {
  readonly card: StepCard;
  /** Id of the incident on show: a click is for this one. */
  readonly incident: string;
  /** True while there is an active incident to record in: notes can be taken, steps skipped. */
  readonly active: boolean;
  /** True where a banner of the page already says why nothing runs: the card does not repeat it. */
  readonly explained: boolean;
  /** When the incident began, UTC ISO 8601, as far as that is known. */
  readonly onsetAt: string | undefined;
}

export interface CardView extends KeyedView<CardItem> {
  /** The newest tail of a run that goes on, between two states. */
  updateTail(run: string, tail: Tail): void;
  /** Moves the clock of a run that goes on. Milliseconds since the epoch. */
  tick(now: number): void;
  focus(): void;
}

/** One step: what it does, what may go wrong, its buttons, and how its last run went. */
export function createCard(first: StepCard, requests: Requests, memory: Memory): CardView {
  const step = first.id;
  let card = first;
  let incident = '';

  const heading = element('h2', { attributes: { id: `step-${first.number}-title` } });
  const number = element('span', { class: 'number', attributes: { 'aria-hidden': 'true' } });
  const condition = element('p', { class: 'condition' });
  const verdict = createVerdict();
  const assertions = createAssertions();
  const findings = element('ul', { class: 'findings', attributes: { 'aria-label': 'What it shows' } });
  const risk = createTag();
  risk.classList.add('risk');
  const executor = element('span', { class: 'executor' });
  const marks = element('ul', { class: 'step-marks' });
  const details = element('ul', { class: 'details' });
  const places = element('div', { class: 'buttons places' });
  const command = createCardCommand(first.number);
  const traps = element('ul', { class: 'traps' });
  const foreseen = element('ul', { class: 'traps' });
  const secrets = element('ul', { class: 'traps' });
  const blocked = element('p', { class: 'blocked' });
  const mark = element('p', { class: 'mark' });
  const error = createError();

  const named = (label: string) => `${label} step ${first.number}`;
  const run = createButton('Run', 'primary', named('Run'));
  const stop = createButton('Stop', 'primary', named('Stop'));
  const done = createButton('Done', 'primary', named('Done with'));
  const skip = createButton('Skip', 'secondary', named('Skip'));
  const copy = createButton('Copy', 'secondary', `Copy the command of step ${first.number}`);
  const toHere = createButton('Run to here', 'secondary', `Run all steps to step ${first.number}`);
  const buttons = element('div', { class: 'buttons' }, run, done, stop, skip, copy, toHere);
  const note = createNote(first.number, step, memory);
  const reason = createSkipReason(first.number, step, memory, error, {
    skip: (text) => requests.send('skipStep', { step, incident, reason: text }),
    closed: () => skip.focus(),
  });
  bindAction(run, error, () =>
    card.form
      ? requests.send('fillForm', { step, incident })
      : requests.send('runStep', { step, incident, command: card.command ?? '' }),
  );
  bindAction(stop, error, () => requests.send('stopRun', { run: card.run?.id ?? '' }));
  bindAction(done, error, () => requests.send('markDone', { step, incident, note: note.text() }), note.clear);
  bindAction(
    copy,
    error,
    () => requests.send('copyCommand', { step }),
    () => flash(copy, 'Copied'),
  );
  bindAction(toHere, error, () => requests.send('runToHere', { step, incident }));
  skip.addEventListener('click', () => {
    if (!skip.disabled) reason.open();
  });

  const openOutput = (): void => void requests.send('openOutput', { run: card.run?.id ?? '' });
  const plots = createCardPlots(first.number, requests, openOutput);
  const result = createResult(first.number, plots.root, openOutput);
  const remedy = createButton('', 'secondary');
  bindAction(remedy, error, () => requests.send('runRemedy', { run: card.run?.id ?? '' }));
  const earlier = createEarlierRuns(first.number, (id) => void requests.send('openOutput', { run: id }));
  const attach = createButton(
    'Attach to evidence…',
    'secondary',
    `Attach the output of step ${first.number}`,
  );
  bindAction(attach, error, () => requests.send('attachOutput', { run: card.run?.id ?? '' }));
  const share = createButton('Share…', 'secondary', `Share the output of step ${first.number}`);
  bindAction(share, error, () => requests.send('shareOutput', { run: card.run?.id ?? '' }));
  const kept = element('div', { class: 'buttons' }, attach, share);
  const changes = createCardChanges(requests, () => incident);
  const approval = createCardApproval(first.number, requests, error);
  const drawUnset = (name: string): HTMLElement => {
    const set = createButton('Set secret', 'secondary', `Set the secret ${name}`);
    bindAction(set, error, () => requests.send('setSecret', { name }));
    return element(
      'li',
      {},
      createIcon('warning'),
      element('span', { text: `$${name} is not set on this machine.` }),
      set,
    );
  };
  const drawPlace = ({ id, label, spoken }: CardPlace): HTMLElement => {
    const button = createButton(label, 'secondary', spoken);
    bindAction(button, error, () => requests.send('openPlace', { step, place: id }));
    return button;
  };
  const root = element(
    'article',
    { class: 'card', attributes: { tabindex: '-1', 'aria-labelledby': heading.id } },
    element(
      'div',
      { class: 'card-head' },
      number,
      element('div', { class: 'card-title' }, heading, condition, verdict.root, marks),
      element('div', { class: 'card-marks' }, risk, executor),
    ),
    element(
      'div',
      { class: 'card-body' },
      details,
      places,
      command.root,
      traps,
      foreseen,
      secrets,
      note.root,
      approval.root,
      blocked,
      buttons,
      reason.root,
      error,
      mark,
      result.root,
      findings,
      assertions.root,
      remedy,
      kept,
      changes.root,
      earlier.root,
    ),
  );

  const update = (item: CardItem): void => {
    // Not while the person types elsewhere in the editor: a run that ends must not take the palette's keys.
    const holds = document.hasFocus() && root.contains(document.activeElement);
    const held = holds ? document.activeElement : null;
    ({ card, incident } = item);
    const manual = card.command === undefined;
    const running = card.state === 'running';
    const open = card.state === 'idle' || card.state === 'skipped';

    setAttribute(root, 'data-state', card.state);
    setAttribute(root, 'data-risk', card.risk);
    setAttribute(root, 'data-tone', card.state === 'ended' ? (card.run?.tone ?? 'neutral') : '');
    setText(number, String(card.number));
    setText(heading, card.text);
    heading.classList.toggle('is-condition', card.condition === card.text);
    setTextOrHide(condition, card.condition === card.text ? undefined : card.condition);
    verdict.update(card);
    assertions.update(card);
    setHidden(findings, card.findings.length === 0);
    setChildren(findings, card.findings, (text) =>
      element('li', {}, createIcon('info'), element('span', { text })),
    );
    setHidden(risk, manual);
    setText(risk, card.risk);
    setText(executor, card.executor);
    setHidden(marks, card.marks.length === 0);
    setChildren(marks, card.marks, (text) => element('li', { text }));
    setHidden(details, card.details.length === 0);
    setChildren(details, card.details, (text) => element('li', { text }));
    setHidden(places, card.places.length === 0);
    setChildren(places, card.places, drawPlace);
    command.update(card);
    setHidden(traps, card.traps.length === 0);
    setChildren(traps, card.traps, (trap) =>
      element(
        'li',
        { class: trap.blocks ? 'blocks' : '' },
        createIcon('warning'),
        element('span', { text: trap.message }),
      ),
    );
    setHidden(foreseen, card.foreseen.length === 0);
    setChildren(foreseen, card.foreseen, (text) =>
      element('li', {}, createIcon('warning'), element('span', { text })),
    );
    setHidden(secrets, card.unsetSecrets.length === 0);
    setChildren(secrets, card.unsetSecrets, drawUnset);
    const shownAlready =
      item.explained ||
      card.approval?.state === 'waiting' ||
      card.traps.some(({ message }) => message === card.blocked);
    setTextOrHide(blocked, shownAlready || running ? undefined : card.blocked);
    setHidden(note.root, !manual || card.state !== 'idle' || !item.active);
    approval.update(card);
    const runLabel =
      runLabelOf(card.approval) ?? (card.form ? 'Choose backend…' : card.run ? 'Run again' : 'Run');
    setText(run, runLabel);
    setAttribute(run, 'aria-label', named(runLabel));
    const passedOver = card.state === 'skipped' || card.judged?.verdict === 'does-not-apply';
    run.appearance = card.run || passedOver ? 'secondary' : 'primary';
    done.appearance = passedOver ? 'secondary' : 'primary';
    const cannotAsk =
      card.approval?.state === 'waiting' && !(card.approval.isOwn && card.approval.mayBeAlone);
    setHidden(run, manual || running || cannotAsk);
    setHidden(done, !manual || !open);
    setHidden(stop, !running);
    const settled = card.state === 'done' || card.state === 'skipped' || root.dataset['tone'] === 'ok';
    setHidden(skip, running || settled);
    setHidden(copy, manual);
    setHidden(toHere, manual || running || card.number === 1 || !item.active || item.explained);
    setHidden(
      buttons,
      [run, done, stop, skip, copy, toHere].every((button) => button.hidden),
    );
    run.disabled = done.disabled = card.blocked !== undefined;
    run.title = run.disabled ? (card.blocked ?? '') : '';
    skip.disabled = !item.active;
    if (skip.hidden || skip.disabled) reason.close();
    drawMark(mark, card);
    plots.update(
      card.run?.plots && !running ? { run: card.run.id, incident, onsetAt: item.onsetAt } : undefined,
    );
    result.update(card);
    setHidden(kept, running || !card.run || card.run.lines === 0);
    setHidden(remedy, running || card.run?.remedy === undefined);
    setText(remedy, card.run?.remedy ?? '');
    changes.update(card);
    earlier.update(card.earlier);
    if (held instanceof HTMLElement && held.closest('[hidden]')) {
      // The button under the keyboard went away with the old state: go on with what took its place.
      ([stop, run, done].find((button) => !button.hidden && !button.disabled) ?? root).focus();
    }
  };
  return {
    root,
    update,
    updateTail(id, tail) {
      if (card.state === 'running' && card.run?.id === id) result.tail(tail);
    },
    tick: result.tick,
    focus() {
      root.focus({ preventScroll: true });
      root.scrollIntoView({ block: 'start' });
    },
  };
}

function drawMark(mark: HTMLElement, card: StepCard): void {
  const who = card.marked ? ` by ${card.marked.by} at ${formatUtcTime(card.marked.at)}` : '';
  const note = card.note ? `: ${card.note}` : '';
  const text =
    card.state === 'skipped' ? `Skipped${who}${note}` : card.state === 'done' ? `Done${who}${note}` : '';
  setHidden(mark, text === '');
  setChildren(mark, text === '' ? [] : [text], () => {
    const icon = createIcon(card.state === 'done' ? 'ok' : 'skipped');
    const line = document.createDocumentFragment();
    line.append(icon, element('span', { text }));
    return line;
  });
}

/** The outcome line, the failure's sentence and the output. A screen reader hears the outcome, not the clock. */
function createResult(
  step: number,
  plots: HTMLElement,
  openOutput: () => void,
): {
  readonly root: HTMLElement;
  update(card: StepCard): void;
  tail(tail: Tail): void;
  tick(now: number): void;
} {
  const status = element('span', { class: 'outcome', attributes: { role: 'status' } });
  const when = element('span', { class: 'when' });
  const message = element('p', { class: 'message' });
  const tail = createTail(step, openOutput);
  const line = element('div', { class: 'status-line' }, status, when);
  const root = element('div', { class: 'result' }, line, message, plots, tail.root);
  let shown: { run: string; lines: number } | undefined;
  let running: CardRun | undefined;
  const draw = (run: string, next: Tail): void => {
    shown = { run, lines: next.lines };
    tail.update(next);
  };
  return {
    root,
    update({ run, state }) {
      // Once a step that never ran is marked by hand there is nothing to report.
      setHidden(root, run === undefined);
      setAttribute(root, 'data-tone', run === undefined || state === 'running' ? 'running' : run.tone);
      setChildren(status, run ? [{ text: outcomeOf(run), tone: toneIcon(run) }] : [], ({ text, tone }) => {
        const words = document.createDocumentFragment();
        words.append(tone ? createIcon(tone) : createProgressRing());
        words.append(element('span', { text }));
        return words;
      });
      running = state === 'running' ? run : undefined;
      if (!running) setText(when, run ? whenOf(run) : '');
      setTextOrHide(message, run?.message);
      if (!run) return;
      // While a run goes on a live tail may be ahead of the state that comes behind it.
      const behind = state === 'running' && shown?.run === run.id && shown.lines > run.lines;
      if (!behind) draw(run.id, run);
      // A failure before anything was done prints its sentence: once is enough.
      setHidden(tail.root, run.tail.trim() === '' || run.tail.trim() === run.message);
    },
    tick(now) {
      if (running)
        setText(when, `for ${formatElapsed(now - Date.parse(running.startedAt))} · ${whenOf(running)}`);
    },
    tail: (next) => {
      if (shown && next.lines >= shown.lines) draw(shown.run, next);
    },
  };
}

const outcomeOf = (run: CardRun): string => run.outcome ?? 'Running…';
const toneIcon = (run: CardRun): IconName | undefined => (run.outcome === undefined ? undefined : run.tone);

const whenOf = (run: CardRun): string =>
  [
    run.durationMs === undefined ? undefined : `in ${formatDuration(run.durationMs)}`,
    `started ${formatUtcTime(run.startedAt)}`,
    `by ${run.by}`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');

/** Says for two seconds, in the button itself, that it worked. */
function flash(button: HTMLElement, text: string): void {
  const before = button.textContent ?? '';
  if (before === text) return;
  button.textContent = text;
  setTimeout(() => (button.textContent = before), 2_000);
}
