import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { ranges, type Range } from '../../core/history/figures.ts';
import { recordOfIncident } from '../../core/history/incidentRecord.ts';
import { parsePostMortem } from '../../core/history/parsePostMortem.ts';
import { recurrenceOf } from '../../core/history/recurrence.ts';
import { pastIncidentPage } from '../../core/views/pastIncidentPage.ts';
import type { Report, ReportPage, ReportTarget } from '../../core/views/reportPage.ts';
import { searchItem } from '../../core/views/searchItems.ts';
import { trendsPage } from '../../core/views/trendsPage.ts';
import { IMPORTED_FOLDER, importedPath, readSmall } from '../../journal/importedFolder.ts';
import {
  parseReportMemory,
  parseReportMessage,
  type ReportHostMessage,
  type ReportMessage,
} from '../../shared/reportPage.ts';
import { requestIdOf } from '../../shared/parseMessages.ts';
import { pick } from '../ask/ask.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { showEvidence } from '../commands/evidence.ts';
import { reportPanelType } from '../manifest.ts';
import { openWeb } from '../ask/openWeb.ts';
import { pageHtml } from './pageHtml.ts';
import { createRedraw } from './redraw.ts';

/** Pages to be read: Trends, and past incidents one by one. */
export interface ReportPages {
  openTrends(): Promise<void>;
  /** An incident of the journal or an imported post-mortem, by its id, to be read only; the latter at an action item. */
  openIncident(id: string, action?: string): Promise<void>;
  /** Fills a page that VS Code brought back; one whose incident is gone is closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  dispose(): void;
}

type Shown =
  | { readonly kind: 'trends'; range: Range; drills: boolean }
  | { readonly kind: 'past'; readonly incident: string };
type Deps = Omit<CommandDeps, 'pages' | 'reports' | 'runAll'>;

const mostListed = 500;

export function createReportPages(deps: Deps, root: vscode.Uri): ReportPages {
  const open = new Map<string, { readonly panel: vscode.WebviewPanel }>();
  const keyOf = (shown: Shown): string => (shown.kind === 'trends' ? 'trends' : shown.incident);

  const attach = (panel: vscode.WebviewPanel, shown: Shown): void => {
    let report: Report | undefined;
    let drawn = 0;
    const post = (message: ReportHostMessage): void => void panel.webview.postMessage(message);
    const show = (next: Report): void => {
      report = next;
      panel.title = next.page.title.slice(0, 60);
      post({ type: 'page', page: next.page, drawn: (drawn += 1) });
    };
    const redraw = createRedraw({
      make: (signal, say) => makeReport(deps, shown, signal, say),
      show,
      fail: (message) => show(failedReport(message)),
      tell: (words) => post({ type: 'working', words }),
      isSeen: () => panel.visible,
    });
    const handle = async (message: ReportMessage): Promise<null> => {
      switch (message.name) {
        case 'ready':
          redraw.now();
          return null;
        case 'show': {
          if (shown.kind !== 'trends') return null;
          shown.range = ranges.find((range) => String(range) === message.params.range) ?? shown.range;
          shown.drills = message.params.drills;
          redraw.now();
          return null;
        }
        case 'exportFigures':
          if (shown.kind === 'trends')
            await vscode.commands.executeCommand('incident.exportFigures', shown.range, shown.drills);
          return null;
        case 'open': {
          const { key, drawn: of } = message.params;
          const target = of === drawn ? report?.targets.get(key) : undefined;
          if (!target) throw new Error('This page was drawn anew since. Nothing was opened: click again.');
          await openTarget(deps, shown, target, pages.openIncident);
          return null;
        }
      }
    };
    open.set(keyOf(shown), { panel });
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(root, 'dist', 'webview')],
    };
    panel.iconPath = vscode.Uri.joinPath(root, 'media', 'icons', 'incident.svg');
    const subscriptions = [
      panel.webview.onDidReceiveMessage(async (raw: unknown) => {
        const message = parseReportMessage(raw);
        const id = message?.id ?? requestIdOf(raw);
        if (id === undefined) return;
        try {
          if (!message)
            throw new Error('This could not be taken: the page is of another version. Nothing was done.');
          post({ type: 'reply', id, ok: true, result: await handle(message) });
        } catch (thrown) {
          post({ type: 'reply', id, ok: false, message: messageOf(thrown) });
        }
      }),
      deps.session.onDidChange(redraw.soon),
      deps.guides.onDidChange(redraw.soon),
      panel.onDidChangeViewState(redraw.soon),
    ];
    panel.onDidDispose(() => {
      redraw.dispose();
      open.delete(keyOf(shown));
      for (const subscription of subscriptions) subscription.dispose();
    });
    const data =
      shown.kind === 'trends'
        ? { kind: 'trends', range: String(shown.range), drills: String(shown.drills) }
        : { kind: 'past', incident: shown.incident };
    panel.webview.html = pageHtml(panel.webview, root, { name: 'report', title: 'Incident', data });
  };

  const reveal = (shown: Shown, title: string): void => {
    const there = open.get(keyOf(shown));
    if (there) there.panel.reveal();
    else
      attach(
        vscode.window.createWebviewPanel(reportPanelType, title, vscode.ViewColumn.Active, {
          enableScripts: true,
        }),
        shown,
      );
  };

  const pages: ReportPages = {
    async openTrends() {
      await deps.session.ready();
      reveal({ kind: 'trends', range: 90, drills: false }, 'Trends');
    },
    async openIncident(id, action) {
      await deps.session.ready();
      if (id.startsWith(`${IMPORTED_FOLDER}/`)) return openImported(deps, id, action);
      const opened = await deps.incidents.open(id);
      if (opened.ok) reveal({ kind: 'past', incident: id }, opened.value.title);
      else void vscode.window.showErrorMessage(opened.failure.message);
    },
    restore(panel, state) {
      const memory = parseReportMemory(state);
      if (memory?.kind === 'trends') {
        const range = ranges.find((one) => String(one) === memory.range) ?? 90;
        attach(panel, { kind: 'trends', range, drills: memory.drills });
      } else if (memory && memory.incident !== '') attach(panel, { kind: 'past', incident: memory.incident });
      else panel.dispose();
    },
    dispose: () => {
      for (const { panel } of [...open.values()]) panel.dispose();
    },
  };
  return pages;
}

async function makeReport(
  deps: Deps,
  shown: Shown,
  signal: AbortSignal,
  say: (words: string) => void,
): Promise<Report> {
  say('Reading the incidents…');
  const loaded = await deps.history.load({ signal, onProgress: (read, of) => say(readingWords(read, of)) });
  if (shown.kind === 'trends') {
    say('Working out the figures…');
    const figures = await deps.history.figures(loaded, { range: shown.range, drills: shown.drills, signal });
    const byId = new Map(loaded.records.map((record) => [record.id, record]));
    return trendsPage(figures, { incidentOf: (id) => byId.get(id), unreadable: loaded.unreadable.length });
  }
  const opened = await deps.incidents.open(shown.incident);
  if (!opened.ok) return failedReport(opened.failure.message);
  const incident = opened.value;
  const others = loaded.records.filter(({ drill }) => drill === incident.drill);
  return pastIncidentPage(incident, {
    recurrence: recurrenceOf(recordOfIncident(incident), others),
    problems: deps.incidents.problems(incident.id).map(({ message }) => message),
    postMortem: await postMortemPath(incident.postMortem?.file),
  });
}

const readingWords = (read: number, of: number): string =>
  `Reading the incidents: ${read} of ${of} journals. To call it off, close this page: what was read is kept.`;

const failedReport = (message: string): Report => {
  const page: ReportPage = {
    title: 'Incident',
    notices: [message],
    facts: [],
    controls: undefined,
    sections: [],
  };
  return { page, targets: new Map() };
};

/** Where the draft was written: below the workspace, as the journal names it, if it is still there. */
async function postMortemPath(file: string | undefined): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (file === undefined || (folder === undefined && !path.isAbsolute(file))) return undefined;
  const uri = vscode.Uri.file(path.resolve(folder ?? '', file));
  return vscode.workspace.fs.stat(uri).then(
    () => uri.fsPath,
    () => undefined,
  );
}

async function openTarget(
  deps: Deps,
  shown: Shown,
  target: ReportTarget,
  openIncident: (id: string) => Promise<void>,
): Promise<void> {
  switch (target.kind) {
    case 'incident':
      return openIncident(target.id);
    case 'incidents': {
      const chosen = await pickIncident(deps, target);
      if (chosen !== undefined) await openIncident(chosen);
      return;
    }
    case 'link':
      await openWeb(target.url);
      return;
    case 'file':
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(target.path));
      return;
    case 'output':
    case 'evidence':
    case 'event':
  }
  const incident = shown.kind === 'past' ? deps.incidents.get(shown.incident) : undefined;
  if (!incident) throw new Error('That incident is not there any more. Its files may have been moved.');
  if (target.kind === 'evidence') {
    const found = incident.evidence.find(({ id }) => id === target.id);
    if (found) await showEvidence(deps, incident, found);
    return;
  }
  if (target.kind === 'event') {
    const event = incident.events.find(({ id }) => id === target.id);
    if (event) await deps.readOnlyTexts.show('entry.json', JSON.stringify(event, undefined, 2));
    return;
  }
  const output = incident.runs.find(({ id }) => id === target.run)?.end?.output;
  if (!output) return;
  const read = await deps.journal.readOutputTail(incident.id, output.file, 1);
  if (!read.ok) throw new Error(read.failure.message);
  await openReadOnly(deps.journal.outputPath(incident.id, output));
}

async function openReadOnly(file: string, line?: number): Promise<void> {
  const selection = line === undefined ? {} : { selection: new vscode.Range(line, 0, line, 0) };
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), { preview: true, ...selection });
  await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
}

async function openImported(deps: Deps, id: string, action?: string): Promise<void> {
  const file = importedPath(deps.journal.folder, id);
  const text = await readSmall(file);
  if (text !== undefined) {
    const items = action === undefined ? [] : (parsePostMortem(text, path.basename(file))?.items ?? []);
    return openReadOnly(file, items.find((item) => item.text === action)?.line);
  }
  void vscode.window.showErrorMessage(
    'That imported post-mortem is not there any more. Nothing else was lost. Import its folder again.',
  );
}

async function pickIncident(
  deps: Deps,
  { title, ids }: Extract<ReportTarget, { kind: 'incidents' }>,
): Promise<string | undefined> {
  const wanted = new Set(ids);
  const records = (await deps.history.load()).records.filter(({ id }) => wanted.has(id));
  const sorted = records
    .sort((a, b) => ((a.declaredAt ?? '') < (b.declaredAt ?? '') ? 1 : -1))
    .slice(0, mostListed);
  const more = records.length > sorted.length ? `, the newest ${sorted.length}` : '';
  return pick(
    sorted.map((record) => {
      const { id, label, description, detail, icon } = searchItem(record);
      return { label, description, icon, value: id, ...(detail === undefined ? {} : { detail }) };
    }),
    { title: `${title}: ${records.length}${more}`, placeholder: 'Which one do you want to read?' },
  );
}
