import type { Page } from 'playwright-core';
import { waitUntil } from './editorPage.ts';

/** The whole address in VS Code's question whether to open it, which closes; the question itself shortens it. */
export async function askedAddress(page: Page): Promise<string> {
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.getByText('Do you want').waitFor();
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await dialog.getByRole('button', { name: 'Copy' }).click();
  let text = '';
  await waitUntil('the copied address', async () => {
    text = await page.evaluate(() => navigator.clipboard.readText());
    return text !== '';
  });
  return text;
}
