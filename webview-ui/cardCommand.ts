import type { StepCard } from '../src/shared/runbookPage.ts';
import { type CommandPart, commandWords } from './command.ts';
import { element, setAttribute, setChildren, setHidden, setText } from './element.ts';

/** What a step runs: its command as it stands, or what a ready-made set of queries shows with the PromQL folded away. */
export function createCardCommand(step: number): {
  readonly root: HTMLElement;
  update(card: StepCard): void;
} {
  const command = element('pre', {
    class: 'command',
    attributes: { role: 'group', 'aria-label': `Command of step ${step}` },
  });
  const name = element('p', { class: 'set-name' });
  const figures = element('ul', { class: 'set-figures' });
  const summary = element('summary');
  const queries = element('dl');
  const fold = element('details', {}, summary, queries);
  const set = element('div', { class: 'metric-set' }, name, figures, fold);
  const root = element('div', { class: 'card-command' }, command, set);
  return {
    root,
    update({ command: written, unfilled, metrics }) {
      setHidden(root, written === undefined);
      setHidden(command, metrics !== undefined);
      setHidden(set, metrics === undefined);
      setChildren(command, metrics ? [] : commandWords(written ?? '', unfilled), drawWord);
      setText(name, metrics?.name ?? '');
      setAttribute(figures, 'aria-label', metrics?.name ?? '');
      setChildren(figures, metrics?.queries ?? [], ({ title, limit }) =>
        element(
          'li',
          {},
          element('span', { text: limit === undefined ? title : `${title}:` }),
          ...(limit === undefined ? [] : [element('span', { class: 'set-limit', text: limit })]),
        ),
      );
      const count = metrics?.queries.length ?? 0;
      setHidden(fold, count === 0);
      setText(summary, `PromQL of ${count} ${count === 1 ? 'query' : 'queries'}`);
      setChildren(queries, metrics?.queries ?? [], ({ title, query }) =>
        element('div', {}, element('dt', { text: title }), element('dd', { text: query })),
      );
    },
  };
}

/** A word is kept on one line where it fits: a flag cut behind its hyphen reads as another command. */
const drawWord = (word: readonly CommandPart[]): Node =>
  word.length === 1 && /^\s*\n\s*$/.test(word[0]?.text ?? '')
    ? document.createTextNode(word[0]?.text ?? '')
    : element(
        'span',
        { class: 'word' },
        ...word.map(({ text, unfilled }) =>
          unfilled ? element('mark', { text }) : document.createTextNode(text),
        ),
      );
