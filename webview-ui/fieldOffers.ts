import { parseSuggested } from '../src/shared/parseMessages.ts';
import type { Suggestion } from '../src/shared/protocol.ts';
import type { FormField } from '../src/shared/runbookPage.ts';
import { bindAction } from './action.ts';
import { element, setAttribute, setChildren, setHidden, setTextOrHide } from './element.ts';
import type { Reply, Requests } from './requests.ts';
import { matchingSuggestions } from './suggestions.ts';
import { type Button, createButton, setPressed } from './toolkit.ts';

/** Chips in view at once; typing narrows them down. */
const mostChips = 6;

/** What can be picked for a field: what the page knows at once, and what the systems have as soon as they answer. */
export function createFieldOffers(
  name: string,
  requests: Requests,
  error: HTMLElement,
  on: { pick(value: string): Promise<Reply>; back(): void; changed(): void },
): {
  readonly chips: HTMLElement;
  readonly note: HTMLElement;
  /** Asks the systems, once until the answer is there; never keeps anybody from typing. */
  ask(incident: string): void;
  /** Gives how many more there are than are in view. */
  draw(field: FormField, draft: string | undefined): number;
} {
  const chips = element('div', {
    class: 'chips',
    attributes: { role: 'group', 'aria-label': `Suggestions for ${name}` },
  });
  const note = element('p', { class: 'field-hint', attributes: { role: 'status' } });
  note.hidden = true;
  let live: readonly Suggestion[] = [];
  let asking = false;
  chips.addEventListener('pointerleave', on.changed);
  chips.addEventListener('keydown', (event) => moveAmong(chips, on.back, event));

  const details = new Map<string, string>();
  const drawChip = (value: string): Button => {
    const detail = details.get(value);
    const spoken = `Use ${value} as ${name}${detail === undefined ? '' : `: ${detail}`}`;
    const chip = createButton(detail === undefined ? value : `${value} · ${detail}`, 'secondary', spoken);
    chip.classList.add('chip');
    bindAction(chip, error, () => on.pick(value));
    return chip;
  };
  return {
    chips,
    note,
    ask(incident) {
      if (asking || incident === '') return;
      asking = true;
      setTextOrHide(note, live.length > 0 ? undefined : 'Looking what there is…');
      void requests.send('suggest', { name, incident }).then((reply) => {
        asking = false;
        const found = reply.ok ? parseSuggested(reply.result) : undefined;
        live = found?.values ?? live;
        setTextOrHide(note, found === undefined ? 'The systems could not be asked.' : found.note);
        // A chip under the pointer or the keyboard stays until it is let go: a click must reach it.
        if (!chips.matches(':hover') && !chips.contains(document.activeElement)) on.changed();
      });
    },
    draw(field, draft) {
      details.clear();
      for (const { value, detail } of live) if (detail !== undefined) details.set(value, detail);
      const known = [...new Set([...field.suggestions, ...live.map(({ value }) => value)])];
      const isChoice = field.options.length > 0;
      const found = isChoice
        ? { shown: field.options, more: 0 }
        : matchingSuggestions(known, draft ?? '', field.value, mostChips);
      setHidden(chips, found.shown.length === 0);
      // The words on a chip are part of what it is: a pod that has crashed since is another chip.
      setChildren(
        chips,
        found.shown.map((value) => ({ value, detail: details.get(value) })),
        ({ value }) => drawChip(value),
      );
      // One stop for the Tab key, however many chips: arrow keys walk among them.
      [...chips.children].forEach((chip, at) => {
        if (at > 0) setAttribute(chip, 'tabindex', '-1');
        if (isChoice) setPressed(chip as Button, found.shown[at] === field.value);
      });
      return found.more;
    },
  };
}

/** Arrow keys walk the chips, the first one leads back to the field. */
function moveAmong(chips: HTMLElement, back: () => void, event: KeyboardEvent): void {
  const all = [...chips.children].filter((child) => child instanceof HTMLElement);
  const at = all.findIndex((child) => child === document.activeElement);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (at === -1 || step === undefined) return;
  event.preventDefault();
  const next = all[at + step];
  if (next) next.focus();
  else if (step < 0) back();
}
