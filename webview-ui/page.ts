import type { RunbookPageState } from '../src/shared/runbookPage.ts';
import { createBanners } from './banners.ts';
import { type CardItem, type CardView, createCard } from './card.ts';
import { element, setText, setTextOrHide } from './element.ts';
import { createForm } from './form.ts';
import { createHeader } from './header.ts';
import { createKeyedList } from './keyed.ts';
import type { Memory } from './memory.ts';
import type { Requests } from './requests.ts';
import { createRunAllBar } from './runAllBar.ts';
import type { Tail } from './tail.ts';
import { createLink } from './toolkit.ts';

export interface Page {
  /** Draws the whole state into what is already there: focus, scrolling and half-typed text stay. */
  update(state: RunbookPageState): void;
  updateTail(run: string, tail: Tail): void;
  /** Moves the clocks. Milliseconds since the epoch. */
  tick(now: number): void;
  /** Says that the host cannot be reached or understood; undefined takes it back. */
  fail(message: string | undefined): void;
}

export function createPage(root: HTMLElement, requests: Requests, memory: Memory, now: () => number): Page {
  const banners = createBanners(requests);
  const title = element('h1');
  const condition = element('p', { class: 'condition' });
  const about = element('p', { class: 'about' });
  const source = createLink('');
  let line = 1;
  source.addEventListener('click', (event) => {
    event.preventDefault();
    void requests.send('openGuide', { line });
  });
  const form = createForm(requests, memory);
  const steps = element('div', { class: 'steps' });
  const bar = createRunAllBar(requests);
  const empty = element('p', { class: 'hint' });
  const cards = createKeyedList<CardItem, CardView>(
    steps,
    ({ card }) => card.id,
    ({ card }) => createCard(card, requests, memory),
  );
  const header = createHeader(requests, (step) => cards.get(step)?.focus());
  const intro = element('section', { class: 'intro' }, title, condition, about, source);
  const main = element('main', {}, banners.root, intro, form.root, bar.root, steps, empty);
  main.hidden = true;
  header.root.hidden = true;
  root.replaceChildren(header.root, main);
  keepClearOfHeader(header.root);

  const tick = (at: number): void => {
    header.tick(at);
    for (const card of cards.views()) card.tick(at);
  };
  let restored = false;
  return {
    update(state) {
      memory.open(state.sequence, state.guideFile);
      line = Math.max(1, state.line);
      main.hidden = header.root.hidden = false;
      document.title = state.title;
      header.update(state);
      banners.fail(undefined);
      banners.update(state);
      setText(title, state.title);
      setTextOrHide(condition, state.condition);
      setTextOrHide(about, state.about);
      setText(
        source,
        `Open ${state.guideFile.split(/[\\/]/).at(-1) ?? state.guideFile} at line ${state.line}`,
      );
      source.title = state.guideFile;
      form.update(state.form, state.incident?.id ?? '');
      const active = state.incident?.status === 'active';
      const shown = {
        incident: state.incident?.id ?? '',
        active,
        explained: !active || !state.trusted,
        onsetAt: state.incident?.onsetAt,
      };
      cards.update(state.steps.map((card) => ({ card, ...shown })));
      bar.update(state);
      tick(now());
      setTextOrHide(
        empty,
        state.steps.length > 0
          ? undefined
          : 'This section of the guide has no steps. Add a shell block under its heading and it appears here.',
      );
      if (!restored) {
        restored = true;
        window.scrollTo(0, memory.scroll);
      }
    },
    updateTail(run, tail) {
      for (const card of cards.views()) card.updateTail(run, tail);
    },
    tick,
    fail(message) {
      main.hidden = false;
      banners.fail(message);
    },
  };
}

/** What is scrolled to must not end up under the sticky head, however many lines it takes. */
function keepClearOfHeader(header: HTMLElement): void {
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${header.offsetHeight + 8}px`;
  }).observe(header);
}
