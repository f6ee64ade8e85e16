import type { Page } from 'playwright-core';
import { appears, runCommand, succeeds, waitUntil } from './editorPage.ts';

/** Goes from problem to problem of the document in front, as F8 does, until one says `message`. */
export async function showProblem(page: Page, message: RegExp): Promise<void> {
  await waitUntil(`a problem that says ${message}`, async () => {
    await runCommand(page, 'Go to Next Problem (Error, Warning, Info)');
    const shown = page.locator('.marker-widget').getByText(message).first();
    return appears(shown, 1_500);
  });
}

/** Applies a quick fix of the problem at the cursor, and waits until the list is gone. */
export async function applyQuickFix(page: Page, title: string | RegExp): Promise<void> {
  // Its submenus are of the same class.
  const list = page.locator('.action-widget').first();
  // The list closes by itself when the problems are looked at anew, as they are after the fix before.
  await waitUntil(`the quick fix ${title}`, async () => {
    await runCommand(page, 'Quick Fix...');
    return succeeds(list.getByText(title).first().click({ timeout: 2_000 }));
  });
  await list.waitFor({ state: 'hidden' });
}
