import {
  parseReportHostMessage,
  parseReportMemory,
  type ReportMemory,
  type ReportMessage,
  type ReportRequests,
} from '../src/shared/reportPage.ts';
import { createReport } from './report.ts';
import { createRequests } from './requests.ts';
import { registerToolkit } from './toolkit.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: ReportMemory): void;
};

const notUnderstood =
  'This page and the extension do not understand each other, perhaps after an update. ' +
  'Nothing was lost. Close the page and open it again.';
const noAnswer =
  'The extension does not answer yet. Nothing was lost. If this stays, run "Developer: Reload Window".';

function start(root: HTMLElement): void {
  registerToolkit();
  const api = acquireVsCodeApi();
  const { kind = '', incident = '', range = 'all', drills = '' } = document.body.dataset;
  const told: ReportMemory = {
    ...{ kind: kind === 'past' ? 'past' : 'trends', incident, range, drills: drills === 'true', scroll: 0 },
  };
  const kept = parseReportMemory(api.getState());
  let memory: ReportMemory =
    kept?.kind === told.kind && kept.incident === incident ? { ...told, scroll: kept.scroll } : told;
  const keep = (more: Partial<ReportMemory>): void => {
    memory = { ...memory, ...more };
    api.setState(memory);
  };
  keep({});
  const requests = createRequests<ReportRequests, ReportMessage>((message) => api.postMessage(message));
  const why = async <N extends keyof ReportRequests>(name: N, params: ReportRequests[N]['params']) => {
    const reply = await requests.send(name, params);
    return reply.ok ? undefined : reply.message;
  };
  let drawn = 0;
  const view = createReport(root, {
    open: (key) => why('open', { key, drawn }),
    show: (wanted, counted) => {
      keep({ range: wanted, drills: counted });
      return why('show', { range: wanted, drills: counted });
    },
    exportFigures: () => why('exportFigures', {}),
  });
  let restored = false;
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = parseReportHostMessage(data);
    switch (message?.type) {
      case 'reply':
        requests.settle(message);
        return;
      case 'page':
        drawn = message.drawn;
        view.update(message.page);
        if (!restored) window.scrollTo(0, memory.scroll);
        restored = true;
        return;
      case 'working':
        view.wait(message.words);
        return;
      case undefined:
        // Other scripts of the frame post messages too; only a page that cannot be read is worth a word.
        if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'page')
          view.fail(notUnderstood);
    }
  });
  let scrolled: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener(
    'scroll',
    () => {
      clearTimeout(scrolled);
      scrolled = setTimeout(() => keep({ scroll: window.scrollY }), 100);
    },
    { passive: true },
  );
  const patience = setTimeout(() => view.fail(noAnswer), 5_000);
  void requests.send('ready', {}).then((reply) => {
    clearTimeout(patience);
    if (!reply.ok) view.fail(reply.message);
  });
}

const root = document.getElementById('root');
if (root) start(root);
