import { element, setHidden, setText } from './element.ts';
import { linesAbove, plainOutput } from './outputText.ts';
import { createLink } from './toolkit.ts';

export interface Tail {
  readonly tail: string;
  readonly lines: number;
}

/**
 * The last lines of a run's output. Follows the end unless the person scrolled up; then the lines they read stay
 * where they are while new ones come in below.
 */
export function createTail(
  step: number,
  openOutput: () => void,
): { readonly root: HTMLElement; update(tail: Tail): void } {
  const text = document.createTextNode('');
  const output = element('pre', {
    class: 'tail',
    attributes: { tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-label': `Output of step ${step}` },
  });
  output.append(text);
  const earlier = createLink('');
  earlier.classList.add('earlier');
  earlier.addEventListener('click', (event) => {
    event.preventDefault();
    openOutput();
  });
  const root = element('div', { class: 'output' }, earlier, output);
  let shown: Tail = { tail: '', lines: 0 };
  let follows = true;
  // Scrolling is the person's; the height changing under them is not, so only their scrolling is listened to.
  output.addEventListener('scroll', () => (follows = atEnd(output)), { passive: true });

  return {
    root,
    update(next) {
      setHidden(root, next.tail === '' && next.lines === 0);
      const above = linesAbove(next.tail, next.lines);
      setText(
        earlier,
        `${above.toLocaleString('en')} earlier ${above === 1 ? 'line' : 'lines'}: open the full output`,
      );
      setHidden(earlier, above === 0);
      if (next.tail === shown.tail) {
        shown = next;
        return;
      }
      const gone = above - linesAbove(shown.tail, shown.lines);
      const stay = output.scrollTop - Math.max(0, gone) * lineHeight(output);
      shown = next;
      text.data = plainOutput(next.tail);
      output.scrollTop = follows ? output.scrollHeight : Math.max(0, stay);
    },
  };
}

const atEnd = (output: HTMLElement): boolean =>
  output.scrollTop + output.clientHeight >= output.scrollHeight - 4;

const lineHeight = (output: HTMLElement): number => parseFloat(getComputedStyle(output).lineHeight) || 0;
