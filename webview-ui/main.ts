import { parseHostMessage } from '../src/shared/parseMessages.ts';
import { parsePageState } from '../src/shared/runbookPage.ts';
import type { PageMemory } from '../src/shared/pageMemory.ts';
import { createMemory } from './memory.ts';
import { createPage } from './page.ts';
import { createRequests } from './requests.ts';
import type { Tail } from './tail.ts';
import { registerToolkit } from './toolkit.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: PageMemory): void;
};

const notUnderstood =
  'This page and the extension do not understand each other, perhaps after an update. ' +
  'Nothing was lost. Close the page and open the runbook again.';
const noAnswer =
  'The extension does not answer yet. Nothing was lost. If this stays, run "Developer: Reload Window".';

function start(root: HTMLElement): void {
  registerToolkit();
  const api = acquireVsCodeApi();
  const requests = createRequests((message) => api.postMessage(message));
  const memory = createMemory(api, document.body.dataset['sequence'] ?? '');
  const page = createPage(root, requests, memory, () => Date.now());

  // A busy run sends tails faster than anyone reads: the newest of each run is drawn, twenty times a second.
  const tails = new Map<string, Tail>();
  const drawTails = (): void => {
    for (const [run, tail] of tails) page.updateTail(run, tail);
    tails.clear();
  };
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = parseHostMessage(data);
    switch (message?.type) {
      case 'reply':
        requests.settle(message);
        return;
      case 'state':
        page.update(message.state);
        return;
      case 'tail':
        if (tails.size === 0) setTimeout(drawTails, 50);
        tails.set(message.run, message);
        return;
      case undefined:
        if (isState(data)) page.fail(notUnderstood);
    }
  });
  let scrolled: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener(
    'scroll',
    () => {
      clearTimeout(scrolled);
      scrolled = setTimeout(() => memory.setScroll(window.scrollY), 100);
    },
    { passive: true },
  );
  setInterval(() => page.tick(Date.now()), 1_000);

  const patience = setTimeout(() => page.fail(noAnswer), 5_000);
  void requests.send('ready', {}).then((reply) => {
    clearTimeout(patience);
    const state = reply.ok ? parsePageState(reply.result) : undefined;
    if (state) page.update(state);
    else page.fail(reply.ok ? notUnderstood : reply.message);
  });
}

/** Other scripts of the webview's frame post messages too; only a state that cannot be read is worth a word. */
const isState = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'state';

const root = document.getElementById('root');
if (root) start(root);
