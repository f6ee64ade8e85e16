import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { root } from '../../scripts/cache.mjs';
import { ensureChromium } from '../../scripts/chromium.ts';
import type { EditorServer } from './editorHost.ts';

export interface OpenEditorOptions {
  /** Absolute path of the folder to open; an empty window without one. */
  readonly folder?: string;
  /** Absolute path of the extension under development; the project itself unless given, none with `null`. */
  readonly extensionPath?: string | null;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** More pairs for the `payload` query, such as `['extensionTestsPath', …]`. */
  readonly payload?: readonly (readonly [string, string])[];
  /** Called with the page before it loads anything, to expose functions to it. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export interface OpenedEditor {
  readonly browser: Browser;
  readonly page: Page;
}

/** Opens the server's editor in headless Chromium; resolves when the workbench stands and extensions are known. */
export async function openEditor(
  server: Pick<EditorServer, 'url' | 'port'>,
  options: OpenEditorOptions = {},
): Promise<OpenedEditor> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: [...sandbox, '--disable-dev-shm-usage', '--disable-lcd-text', '--force-color-profile=srgb'],
  });
  try {
    const page = await browser.newPage({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      deviceScaleFactor: 1,
    });
    page.setDefaultTimeout(30_000);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await options.prepare?.(page);
    await page.goto(editorAddress(server, options));
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await page.locator('.monaco-workbench .activitybar .action-item').first().waitFor();
    return { browser, page };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The address that opens the folder with the extension, for a browser of any kind. */
export function editorAddress(
  server: Pick<EditorServer, 'url' | 'port'>,
  options: Pick<OpenEditorOptions, 'folder' | 'extensionPath' | 'payload'>,
): string {
  const extension = options.extensionPath === undefined ? root : options.extensionPath;
  const payload: (readonly [string, string])[] = [['skipWelcome', 'true'], ...(options.payload ?? [])];
  if (extension) payload.push(['extensionDevelopmentPath', remotePath(server, extension)]);
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (options.folder) query.set('folder', options.folder);
  else query.set('ew', 'true');
  return `${server.url}/?${query}`;
}

/** A file of the server, as the page names it. */
export const remotePath = (server: Pick<EditorServer, 'port'>, file: string) =>
  `vscode-remote://127.0.0.1:${server.port}${file}`;

/** How long a step waits that is tried anew when it fails, ms. */
const soon = 2_000;

const quickInput = (page: Page) => page.locator('.quick-input-widget:not([style*="display: none"])');
const quickRows = (page: Page) => quickInput(page).locator('.quick-input-list .monaco-list-row');

/**
 * Runs a command from the palette by its full label (`Incident: Declare`), with the keyboard. Waits until the command
 * is there: extensions add theirs after the window has opened. A palette that something else closes (a document that
 * opens and takes the focus) is opened anew.
 */
export async function runCommand(page: Page, label: string): Promise<void> {
  await waitUntil(`the command "${label}" in the palette`, async () => {
    const reached = await succeeds(reachInPalette(page, label));
    await page.keyboard.press(reached ? 'Enter' : 'Escape');
    return reached;
  });
}

/** Opens the palette and moves its focus to the command; throws where that does not come about within seconds. */
async function reachInPalette(page: Page, label: string): Promise<void> {
  // A menu of quick fixes that still stands would take the keys back as it closes, after the palette has opened.
  if (await page.locator('.action-widget').first().isVisible()) await page.keyboard.press('Escape');
  if (!(await succeeds(quickInput(page).waitFor({ state: 'hidden', timeout: 5_000 }))))
    await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  // A widget that is just closing takes the key with it.
  await quickInput(page).locator('input[type="text"]').fill(`>${label}`, { timeout: soon });
  // The whole label: a longer one that begins the same has the typed part as an element of its own, highlighted.
  const whole = new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
  const row = quickRows(page).filter({ has: page.locator('.label-name').filter({ hasText: whole }) });
  // The palette's list is drawn anew while extensions add their commands: a row may be gone again.
  await row.first().waitFor({ timeout: soon });
  await focusRow(page, row.first());
  await holdFocus(page);
}

/**
 * Types the answer to the input box that is open, or about to open, and accepts it. With a title it waits for the
 * prompt of that title: needed where one prompt follows another.
 */
export async function answer(page: Page, text: string, title?: string | RegExp): Promise<void> {
  if (title !== undefined) await quickInput(page).locator('.quick-input-titlebar').getByText(title).waitFor();
  const input = quickInput(page).locator('input[type="text"], input[type="password"]');
  await input.waitFor();
  await input.fill(text);
  await input.press('Enter');
}

/** Types the path of a file, or of a folder to be, into the open file dialog of this title, and accepts it. */
export async function answerFile(page: Page, file: string, title: string | RegExp): Promise<void> {
  await quickInput(page).locator('.quick-input-titlebar').getByText(title).waitFor();
  const input = quickInput(page).locator('input[type="text"]');
  // The dialog writes its folder when it has read it: over whatever stands there by then.
  await waitUntil(`the dialog to hold ${file}`, async () => {
    if ((await input.inputValue()) === file) return true;
    if ((await input.inputValue()).includes('/')) await input.fill(file);
    return false;
  });
  await input.press('Enter');
}

/** Accepts the prompt with this title as it stands. The title tells it from the palette that is just closing. */
export async function accept(page: Page, title: string | RegExp): Promise<void> {
  await quickInput(page).locator('.quick-input-titlebar').getByText(title).waitFor();
  await waitUntil(`the prompt ${String(title)} to have the keys`, () => succeeds(holdFocus(page)));
  await page.keyboard.press('Enter');
}

/**
 * Gives the prompt the keys where it has lost them: the palette that closes hands the focus back to what had it before,
 * on a busy machine after the next prompt has opened.
 */
async function holdFocus(page: Page): Promise<void> {
  const held = await quickInput(page).evaluate(
    (widget) => widget.contains(widget.ownerDocument.activeElement),
    undefined,
    { timeout: soon },
  );
  if (!held) await quickInput(page).locator('input').first().focus({ timeout: soon });
}

/**
 * Chooses a file or folder in the editor's own file dialog of this title, by its absolute path, with its button of this
 * name. The dialog reads the folder while one types, and takes what it has read: it is asked again until it closes.
 */
export async function chooseFile(page: Page, title: string, file: string, button: string): Promise<void> {
  const dialog = quickInput(page).filter({ has: page.locator('.quick-input-title', { hasText: title }) });
  const input = dialog.locator('input[type="text"]');
  await waitUntil(`the dialog "${title}"`, () =>
    input.inputValue().then(
      (at) => at.startsWith('/'),
      () => false,
    ),
  );
  await waitUntil(`the dialog "${title}" to take ${file}`, async () => {
    // A list that is still being read writes its own path over what was typed, also a moment after it has been read.
    await input.fill(file, { timeout: soon }).catch(() => undefined);
    const progress = dialog.locator('.quick-input-progress.active, .monaco-progress-container.active');
    const stands = async (): Promise<boolean> =>
      progress
        .waitFor({ state: 'hidden', timeout: 5_000 })
        .then(() => input.inputValue({ timeout: 1_000 }))
        .then(
          (at) => at.replace(/\/$/, '') === file,
          () => false,
        );
    const stays = (await stands()) && (await page.waitForTimeout(500), await stands());
    if (stays)
      await dialog
        .getByRole('button', { name: button, exact: true })
        .click({ timeout: soon })
        .catch(() => undefined);
    return succeeds(input.waitFor({ state: 'hidden', timeout: soon }));
  });
}

/** Picks the row of the open quick pick whose label is, or for a RegExp matches, `label`. Keyboard only. */
export async function pick(page: Page, label: string | RegExp): Promise<void> {
  const name = quickInput(page).locator('.quick-input-list .quick-input-list-label');
  const exact = typeof label === 'string' ? page.getByText(label, { exact: true }) : page.getByText(label);
  const row = quickRows(page).filter({ has: exact }).first();
  await name.first().waitFor();
  if (!(await appears(row, soon)) && typeof label === 'string') {
    // A long list draws only the rows in view: typing brings the wanted one there.
    await quickInput(page).locator('input[type="text"]').fill(label);
  }
  await row.waitFor();
  // Rows that come late draw the list anew.
  await waitUntil(`the focus on the row ${String(label)}`, () =>
    succeeds(focusRow(page, row).then(() => holdFocus(page))),
  );
  await page.keyboard.press('Enter');
}

/** The labels of the rows that the open quick pick shows now. */
export async function pickLabels(page: Page): Promise<string[]> {
  await quickRows(page).first().waitFor();
  // A row's detail stands in a line of its own, built like its label.
  return quickRows(page).locator('.quick-input-list-row:first-child .label-name').allTextContents();
}

/** Moves the list's focus to the row by arrow keys, as a person without a mouse would. */
async function focusRow(page: Page, row: Locator): Promise<void> {
  const focused = quickInput(page).locator('.monaco-list-row.focused');
  const focusedIndex = async (): Promise<string | null> =>
    (await focused.count()) > 0 ? focused.first().getAttribute('data-index', { timeout: soon }) : '-1';
  for (let presses = 0; presses < 200; presses += 1) {
    if (await row.evaluate((element) => element.classList.contains('focused'), undefined, { timeout: soon }))
      return;
    // Rows that come late move the others.
    const wanted = await row.getAttribute('data-index', { timeout: soon });
    const at = await focusedIndex();
    await holdFocus(page);
    await page.keyboard.press(Number(at) < Number(wanted) ? 'ArrowDown' : 'ArrowUp');
    // On a busy machine the key is answered later than the next look.
    for (let looks = 0; looks < 20 && (await focusedIndex()) === at; looks += 1)
      await page.waitForTimeout(25);
  }
  throw new Error('The row could not be reached with the arrow keys.');
}

/** A row of any tree by its accessible name; a string matches as a part of it. */
export function treeItem(page: Page, name: string | RegExp): Locator {
  return page.getByRole('treeitem', { name }).first();
}

/**
 * Moves the focus of the sidebar's first tree to the row of this accessible name, by arrow keys from its top. Begins
 * anew where a page that is being drawn takes the focus out of the sidebar.
 */
export async function focusTreeItem(page: Page, name: RegExp): Promise<void> {
  await waitUntil(`the focus on the row ${String(name)}`, async () => {
    await runCommand(page, 'View: Focus into Primary Side Bar');
    return succeeds(reachInTree(page, name));
  });
}

/** Opens the row of a tree with children by keyboard. A key that comes while the tree is drawn anew is lost. */
export async function openTreeItem(page: Page, name: RegExp): Promise<void> {
  await waitUntil(`the row ${String(name)} to be open`, async () => {
    await focusTreeItem(page, name);
    const isOpen = (): Promise<boolean> =>
      appears(focusedRow(page).and(page.locator('[aria-expanded="true"]')), 500);
    if (await isOpen()) return true;
    await page.keyboard.press('ArrowRight');
    return isOpen();
  });
}

/** The row of the sidebar's tree that has the keys. */
export const focusedRow = (page: Page): Locator =>
  page.locator('.sidebar .monaco-list:focus-within .monaco-list-row.focused').first();

async function reachInTree(page: Page, name: RegExp): Promise<void> {
  const focused = focusedRow(page);
  const read = (attribute: string) => focused.getAttribute(attribute, { timeout: soon });
  await page.keyboard.press('Home');
  for (let presses = 0; presses < 200; presses += 1) {
    if (name.test((await read('aria-label')) ?? '')) return;
    const before = await read('data-index');
    await page.keyboard.press('ArrowDown');
    // On a busy machine the key is answered later than the next look.
    let looks = 0;
    for (; looks < 40 && (await read('data-index')) === before; looks += 1) await page.waitForTimeout(25);
    if (looks === 40) break;
  }
  throw new Error('The row could not be reached with the arrow keys.');
}

/** Has a view of ours look for the text with its tree's own find, which keeps the keys: a tree draws only what is in sight. */
export async function findInTree(page: Page, view: string, text: string): Promise<void> {
  await waitUntil(`the find of the view ${view}`, async () => {
    await runCommand(page, `Incident: Focus on ${view} View`);
    await page.keyboard.press('Control+Alt+F');
    const input = page.locator('.sidebar .monaco-tree-type-filter-input input').first();
    return succeeds(input.fill(text, { timeout: soon }));
  });
}

/** Opens the extension's view container by its title in the activity bar, unless it is open. */
export async function openSidebar(page: Page, title: string): Promise<void> {
  const tab = page.locator('.activitybar').getByRole('tab', { name: title }).first();
  const shown = page.locator('.sidebar .composite.title').getByText(title).first();
  await tab.waitFor();
  // After a reload the sidebar comes back by itself, a moment later: a click that met it closed it again.
  await waitUntil(`the view container ${title}`, async () => {
    if (await appears(shown, 1_000)) return true;
    await tab.click();
    return appears(shown, 5_000);
  });
}

/** The inside of the webview in front. Never by frame name: those are random. */
export function runbookFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
}

/** The card of a step of the runbook page in front, by its place from 1. */
export const stepCard = (page: Page, number: number): Locator =>
  runbookFrame(page)
    .getByRole('article')
    .nth(number - 1);

/** The buttons of the modal confirmation, by their label. */
export async function confirm(page: Page, button: string): Promise<void> {
  await page.locator('.monaco-dialog-box').getByRole('button', { name: button, exact: true }).click();
}

/** What the modal confirmation says. */
export async function confirmationText(page: Page): Promise<string> {
  const box = page.locator('.monaco-dialog-box');
  await box.waitFor();
  return box.locator('.dialog-message-container').innerText();
}

/** Trusts the open folder through the Workspace Trust editor; the extension host restarts where that is needed. */
export async function trustWorkspace(page: Page): Promise<void> {
  await runCommand(page, 'Workspaces: Manage Workspace Trust');
  await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
  await page.locator('.workspace-trust-editor').getByText('You trust').first().waitFor();
  // The Workspace Trust editor opens over the window in newer versions and as a tab in older ones.
  const close = page.locator('.monaco-modal-editor-block').getByRole('button', { name: /^Close/ });
  if ((await close.count()) > 0) await close.first().click();
  else await page.keyboard.press('Control+F4');
}

/** All text of the editor in front, through the clipboard: the screen holds only the visible lines. */
export async function readEditorText(page: Page): Promise<string> {
  const editor = page.locator('.editor-group-container.active .monaco-editor').last();
  // No click: above the first line there may be a lens, which would act.
  return copyAll(page, () =>
    editor.locator('.native-edit-context, textarea.inputarea').first().focus({ timeout: soon }),
  );
}

/** All text of the output channel that the panel shows now. */
export async function outputText(page: Page): Promise<string> {
  return copyAll(page, async () => {
    // By keyboard: a scrolled view's first line may lie under the editors above the panel.
    await runCommand(page, 'Output: Focus on Output View');
    await page.locator('.part.panel .monaco-editor.focused').waitFor({ timeout: soon });
  });
}

/** What `focus` gives the keys to, whole; from the start again where they are taken away before it is copied. */
async function copyAll(page: Page, focus: () => Promise<void>): Promise<string> {
  let text = '';
  await waitUntil('the copied text', async () => {
    // The clipboard is only the page's while the page itself, and no frame in it, has the focus.
    const clear = () => page.evaluate(() => navigator.clipboard.writeText(''));
    if (!(await succeeds(focus().then(clear)))) return false;
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+C');
    for (let looks = 0; looks < 40 && text === ''; looks += 1) {
      await page.waitForTimeout(50);
      text = await page.evaluate(() => navigator.clipboard.readText()).catch(() => '');
    }
    return text !== '';
  });
  await page.keyboard.press('ArrowLeft');
  return text;
}

/** Polls until `condition` gives true; fails with the words given after a minute, or after as many as are named. */
export async function waitUntil(what: string, condition: () => Promise<boolean>, minutes = 1): Promise<void> {
  const until = Date.now() + minutes * 60_000;
  while (Date.now() < until) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited ${minutes} min for ${what}, in vain.`);
}

/** Whether the element is seen within so many ms; for what is tried anew. */
export const appears = (locator: Locator, milliseconds: number): Promise<boolean> =>
  succeeds(locator.waitFor({ timeout: milliseconds }));

/** Whether the attempt came about; for what is tried anew. */
export const succeeds = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );
