import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/cache.mjs';
import { pick, runCommand, waitUntil } from './editorPage.ts';

/** Switches the colour theme through the palette: `Dark Modern`, `Light Modern`, `Dark High Contrast`. */
export async function setTheme(page: Page, theme: string): Promise<void> {
  await runCommand(page, 'Preferences: Color Theme');
  await pick(page, theme);
  const dark = /dark/i.test(theme);
  await page
    .locator(dark ? '.monaco-workbench.vs-dark, .monaco-workbench.hc-black' : '.monaco-workbench.vs')
    .waitFor();
}

/**
 * Saves the window as `<folder>/<name>.png`, where folder is `INCIDENT_PICTURES` (npm run pictures: docs/pictures) or
 * out/pictures. What goes to docs fails above 200 KB. Gives the file's path.
 */
export async function screenshot(page: Page, name: string): Promise<string> {
  const file = path.resolve(root, process.env['INCIDENT_PICTURES'] ?? 'out/pictures', `${name}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  const drawn = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  // Only what is committed has to be small; a test must not fail for the bytes of a picture nobody keeps.
  const kept = process.env['INCIDENT_PICTURES'] === undefined ? drawn : await pack(drawn);
  await writeFile(file, kept);
  return file;
}

/** The picture with a palette of 256 colours, which a window of text does not miss, in 200 KB at most. */
async function pack(picture: Buffer): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const packed = await sharp(picture).png({ palette: true, effort: 10, dither: 0 }).toBuffer();
  if (packed.length > 200 * 1024)
    throw new Error(`A picture has ${packed.length} bytes; those of the docs stay under 200 KB.`);
  return packed;
}

/**
 * Saves the window of this height (px) in both themes, as `NAME-light` and `NAME-dark`; afterwards it is light and as high
 * as before. `ready` shows again what a change of theme closes.
 */
export async function screenshotBoth(
  page: Page,
  name: string,
  height: number,
  ready: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const before = page.viewportSize();
  const width = before?.width ?? 1180;
  const resize = async (to: number): Promise<void> => {
    await page.setViewportSize({ width, height: to });
    await waitUntil('the window in its size', async () => {
      const box = await page.locator('.monaco-workbench').boundingBox();
      return box?.height === to;
    });
  };
  await resize(height);
  for (const theme of ['Dark Modern', 'Light Modern'] as const) {
    await setTheme(page, theme);
    await ready();
    await screenshot(page, `${name}-${theme === 'Dark Modern' ? 'dark' : 'light'}`);
  }
  await resize(before?.height ?? height);
}
