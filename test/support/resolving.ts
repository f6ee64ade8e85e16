import type { Page } from 'playwright-core';
import { answer, pick, runCommand, waitUntil } from './editorPage.ts';
import type { SampleEditor } from './sampleEditor.ts';

const titlebar = (page: Page) =>
  page.locator('.quick-input-widget:not([style*="display: none"]) .quick-input-titlebar');

/** Waits for one of the prompts, and gives the index of the one that is open. */
async function nextPrompt(page: Page, titles: readonly RegExp[]): Promise<number> {
  let found = -1;
  await waitUntil(`a prompt of ${titles.join(' or ')}`, async () => {
    const [shown] = await titlebar(page).allInnerTexts();
    found = titles.findIndex((title) => title.test(shown ?? ''));
    return found !== -1;
  });
  return found;
}

export interface Resolving {
  /** Label of the way out. */
  readonly way?: string | RegExp;
  /** Given where checks are open. */
  readonly reason?: string;
  readonly cause?: string;
  readonly fix?: string;
  readonly impact?: string;
  /** Who writes the post-mortem, where that is asked. */
  readonly owner?: string;
}

/** Waits for the list of checks with the ways out. */
export const waitForWays = (page: Page): Promise<unknown> => nextPrompt(page, [/^Resolve \S+: \d+ of \d+/]);

/** Has the checks looked at by Check Resolution, and waits for their list. */
export async function checkResolution(sample: SampleEditor): Promise<void> {
  const looks = sample.events('ResolutionChecked').length;
  await runCommand(sample.page, 'Incident: Check Resolution');
  await sample.journalHas('ResolutionChecked', looks + 1);
  await nextPrompt(sample.page, [/^Checks of /]);
}

/** Has the checks looked at, and gives what was recorded of one of them, by its words; their list stays open. */
export async function seenOf(
  sample: SampleEditor,
  item: string,
): Promise<{ readonly state: string; readonly sentence: string } | undefined> {
  await checkResolution(sample);
  const seen = sample.events('ResolutionChecked').at(-1)?.['checks'] as readonly {
    readonly text: string;
    readonly state: string;
    readonly sentence: string;
  }[];
  return seen.find(({ text }) => text === item);
}

/** Opens Resolve and waits for the list of checks; what was looked at by then is in it. */
export async function openResolve(page: Page): Promise<void> {
  await runCommand(page, 'Incident: Resolve');
  await waitForWays(page);
}

/** Resolves by the keyboard alone, at once unless another way out is named; answers what is asked on the way. */
export async function resolveByKeyboard(page: Page, given: Resolving = {}): Promise<void> {
  await openResolve(page);
  await answerResolve(page, given);
}

/** The same from the list of checks on. */
export async function answerResolve(page: Page, given: Resolving = {}): Promise<void> {
  await pick(page, given.way ?? 'Resolve now');
  if ((await nextPrompt(page, [/\d+ open$/, /\(1\/3\)$/])) === 0)
    await answer(page, given.reason ?? 'known, and accepted in this test', /\d+ open$/);
  await answer(page, given.cause ?? '', /1\/3/);
  await answer(page, given.fix ?? '', /2\/3/);
  await answer(page, given.impact ?? '', /3\/3/);
  if (given.owner === undefined) return;
  await nextPrompt(page, [/^Post-mortem of /]);
  await pick(page, given.owner);
}
