import type { StepCard } from '../src/shared/runbookPage.ts';
import { element, setAttribute, setChildren, setHidden } from './element.ts';
import { createIcon, type IconName } from './icon.ts';

type Judged = NonNullable<StepCard['judged']>;
type Checked = StepCard['assertions'][number];

const verdicts: Readonly<Record<Judged['verdict'], { readonly icon: IconName; readonly words: string }>> = {
  applies: { icon: 'ok', words: 'Applies' },
  'does-not-apply': { icon: 'neutral', words: 'Does not apply' },
  'cannot-tell': { icon: 'info', words: 'Cannot tell, you decide' },
};

const results: Readonly<Record<Checked['result'], { readonly icon: IconName; readonly words: string }>> = {
  passed: { icon: 'ok', words: 'passed' },
  failed: { icon: 'bad', words: 'failed' },
  'not-checked': { icon: 'info', words: 'not checked' },
};

/** What runs have shown of the step's condition: it advises, and runs nothing. */
export function createVerdict(): { readonly root: HTMLElement; update(card: StepCard): void } {
  const root = element('p', { class: 'verdict' });
  return {
    root,
    update({ judged }) {
      setHidden(root, judged === undefined);
      setAttribute(root, 'data-verdict', judged?.verdict ?? '');
      setChildren(root, judged ? [judged] : [], ({ verdict, because }) => {
        const { icon, words } = verdicts[verdict];
        const line = document.createDocumentFragment();
        line.append(createIcon(icon), element('span', { text: `${words}: ${because}` }));
        return line;
      });
    },
  };
}

/** The guide's assertions, each with what was found. */
export function createAssertions(): { readonly root: HTMLElement; update(card: StepCard): void } {
  const root = element('ul', { class: 'assertions', attributes: { 'aria-label': 'Assertions' } });
  return {
    root,
    update({ assertions }) {
      setHidden(root, assertions.length === 0);
      setChildren(root, assertions, ({ assertion, result, because }) => {
        const { icon, words } = results[result];
        return element(
          'li',
          { attributes: { 'data-result': result } },
          createIcon(icon),
          element('code', { text: assertion }),
          element('span', { text: `${words}: ${because}` }),
        );
      });
    },
  };
}
