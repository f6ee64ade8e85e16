import type { RunbookPageState } from '../src/shared/runbookPage.ts';
import { bindAction, createError } from './action.ts';
import { element, setAttribute, setChildren, setHidden, setText, setTextOrHide } from './element.ts';
import { createIcon, type IconName } from './icon.ts';
import type { Requests } from './requests.ts';
import { createButton, createProgressRing } from './toolkit.ts';

const icons: Readonly<Record<'finished' | 'waiting' | 'stopped', IconName>> = {
  finished: 'ok',
  waiting: 'info',
  stopped: 'warning',
};

/** Above the cards: run all of them or those with one tag, try all of them, and how that stands. */
export function createRunAllBar(requests: Requests): {
  readonly root: HTMLElement;
  update(state: RunbookPageState): void;
} {
  let incident = '';
  const error = createError();
  const all = createButton('Run all', 'secondary', 'Run all steps');
  const dry = createButton('Dry run all', 'secondary', 'Dry run of all steps');
  const stop = createButton('Stop', 'primary', 'Stop running steps');
  const tags = element('div', { class: 'buttons tags' });
  const status = element('p', { class: 'run-all-status', attributes: { role: 'status' } });
  bindAction(all, error, () => requests.send('runAll', { incident, dry: false }));
  bindAction(dry, error, () => requests.send('runAll', { incident, dry: true }));
  bindAction(stop, error, () => requests.send('stopAll', {}));
  const drawTag = (tag: string): HTMLElement => {
    const button = createButton(`#${tag}`, 'secondary', `Run all steps tagged ${tag}`);
    bindAction(button, error, () => requests.send('runAll', { incident, dry: false, tag }));
    return button;
  };
  const background = element('p', { class: 'run-all-status background' });
  const root = element(
    'section',
    { class: 'run-all', attributes: { 'aria-label': 'All steps' } },
    element('div', { class: 'buttons' }, all, stop, dry, tags),
    status,
    background,
    error,
  );
  return {
    root,
    update(state) {
      incident = state.incident?.id ?? '';
      const { runAll } = state;
      const running = runAll?.phase === 'running';
      const holds = document.hasFocus() && root.contains(document.activeElement);
      setHidden(root, state.steps.length < 2 || !state.trusted || state.incident?.status !== 'active');
      setHidden(all, running);
      setHidden(dry, running);
      setHidden(tags, running || state.tags.length === 0);
      setHidden(stop, !running);
      const label = runAll?.goesOn === true ? 'Go on' : 'Run all';
      setText(all, label);
      setAttribute(all, 'aria-label', label === 'Go on' ? 'Go on with the next step' : 'Run all steps');
      setChildren(tags, state.tags, drawTag);
      setHidden(status, runAll === undefined);
      setChildren(status, runAll ? [runAll] : [], ({ phase, message }) => {
        const line = document.createDocumentFragment();
        line.append(phase === 'running' ? createProgressRing() : createIcon(icons[phase]));
        line.append(element('span', { text: message }));
        return line;
      });
      const names = state.background.map(({ text }) => text);
      setTextOrHide(
        background,
        names.length === 0 ? undefined : `Still running in the background: ${names.join(', ')}`,
      );
      // Run all has become Stop under the keyboard, or the reverse.
      if (holds && document.activeElement?.closest('[hidden]')) (running ? stop : all).focus();
    },
  };
}
