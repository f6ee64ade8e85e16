import type { Locator } from 'playwright-core';
import { confirm, runbookFrame, treeItem } from './editorPage.ts';
import type { SampleEditor } from './sampleEditor.ts';

/** The runbook page of an editor, as a responder uses it: steps by their number, from 1. */
export interface RunbookPage {
  /** Opens a runbook from the tree by its title. */
  open(title: string): Promise<void>;
  step(number: number): Locator;
  /** Runs a step, agrees where it asks, and waits for its end. */
  run(number: number, options?: { readonly agree: boolean }): Promise<void>;
  /** Types a value into the form. */
  give(name: string, value: string): Promise<void>;
  /** Waits until the card says it. */
  says(number: number, words: string | RegExp): Promise<void>;
  /** Waits until the output on the card has it. */
  prints(number: number, words: string | RegExp): Promise<void>;
}

export function createRunbookPage(sample: SampleEditor): RunbookPage {
  const frame = runbookFrame(sample.page);
  const step = (number: number): Locator => frame.getByRole('article').nth(number - 1);
  return {
    async open(title) {
      await treeItem(sample.page, title).click();
      await frame.getByRole('heading', { name: title }).first().waitFor();
    },
    step,
    async run(number, { agree } = { agree: false }) {
      const before = sample.journal().filter(({ type }) => type === 'RunEnded').length;
      await step(number)
        .getByRole('button', { name: new RegExp(`^Run (?:again )?step ${number}$`) })
        .click();
      if (agree) await confirm(sample.page, 'Run');
      await sample.journalHas('RunEnded', before + 1);
    },
    async give(name, value) {
      const form = frame.getByRole('region', { name: 'Values for this incident' });
      const field = form.getByRole('textbox', { name, exact: true });
      await field.fill(value);
      await field.press('Enter');
      await sample.until(`${name} to be ${value}`, () => {
        const set = sample.journal().filter(({ type, data }) => type === 'ValueSet' && data['name'] === name);
        return set.at(-1)?.data['value'] === value;
      });
    },
    says: (number, words) => step(number).getByText(words).first().waitFor(),
    prints: (number, words) =>
      step(number).getByLabel(`Output of step ${number}`, { exact: true }).getByText(words).first().waitFor(),
  };
}
