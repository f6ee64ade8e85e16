import * as path from 'node:path';
import * as vscode from 'vscode';
import { figuresCsv, figuresJson } from '../../core/history/exportFigures.ts';
import { ranges, type Range } from '../../core/history/figures.ts';
import { parseSearchQuery } from '../../core/history/searchQuery.ts';
import { searchRecords, type SearchEntry } from '../../core/history/searchRecords.ts';
import { importDocument } from '../../core/views/importDocument.ts';
import { searchItem, searchSyntax, searchTitle } from '../../core/views/searchItems.ts';
import {
  findPostMortems,
  importPostMortems,
  type FoundPostMortems,
} from '../../journal/importedPostMortems.ts';
import { writeWhole } from '../../journal/writeWhole.ts';
import { pick } from '../ask/ask.ts';
import { loadWithProgress } from '../views/incidentHistory.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { subjectOf, textArgument } from './onIncident.ts';

/** More rows than this nobody reads: a further word finds what is not among them. */
const mostShown = 200;

/** Finds past incidents while one types, and opens the chosen one to be read. `query` is what stands there first. */
export const searchHistory: CommandFactory = (deps) => async (query) => {
  const chosen = await askIncident(deps, textArgument(query) ?? '');
  if (chosen !== undefined) await deps.reports.openIncident(chosen);
};

/** Opens one past incident to be read: of a click its id, else the one that is searched for. */
export const openPastIncident: CommandFactory = (deps) => async (clicked) => {
  const id = textArgument(clicked) ?? subjectOf(clicked) ?? (await askIncident(deps, ''));
  if (id !== undefined) await deps.reports.openIncident(id);
};

export const showTrends: CommandFactory = (deps) => () => deps.reports.openTrends();

function askIncident(deps: CommandDeps, query: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    type Item = vscode.QuickPickItem & { readonly id: string | undefined };
    // What fits is decided by the query: VS Code's own order by label would undo the ranking.
    const input = Object.assign(vscode.window.createQuickPick<Item>(), { sortByLabel: false });
    const abort = new AbortController();
    let entries: readonly SearchEntry[] = [];
    const draw = (): void => {
      const wanted = parseSearchQuery(input.value);
      const found = searchRecords(entries, wanted);
      input.title = searchTitle(found.length, entries.length, wanted);
      const rows = found.slice(0, mostShown).map((record): Item => {
        const { id, label, description, detail, icon } = searchItem(record);
        return {
          ...{ id, label, description, alwaysShow: true, iconPath: new vscode.ThemeIcon(icon) },
          ...(detail === undefined ? {} : { detail }),
        };
      });
      const note = (label: string): Item => ({ id: undefined, label, alwaysShow: true });
      if (found.length === 0)
        input.items = [note(input.busy ? 'Reading the incidents…' : `No incident fits. ${searchSyntax}`)];
      else if (found.length > rows.length)
        input.items = [
          ...rows,
          note(`${found.length - rows.length} more: a further word or filter finds them`),
        ];
      else input.items = rows;
    };
    input.title = 'Search History';
    input.placeholder = searchSyntax;
    input.value = query;
    input.ignoreFocusOut = true;
    input.busy = true;
    draw();
    input.onDidChangeValue(draw);
    deps.history
      .entries({
        signal: abort.signal,
        onProgress: (read, of) => {
          input.title = `Search History: ${read} of ${of} journals read`;
        },
      })
      .then((loaded) => {
        entries = loaded;
        input.busy = false;
        draw();
      })
      .catch((thrown: unknown) => {
        if (abort.signal.aborted) return;
        input.hide();
        void vscode.window.showErrorMessage(
          'The incidents could not be read. Their files are untouched. Try again.',
        );
        console.error(thrown);
      });
    input.onDidAccept(() => {
      const id = (input.selectedItems[0] ?? input.activeItems[0])?.id;
      if (id === undefined) return;
      resolve(id);
      input.hide();
    });
    input.onDidHide(() => {
      abort.abort();
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

const rangeLabels = {
  '30': 'The last 30 days',
  '90': 'The last 90 days',
  '365': 'The last 365 days',
  all: 'All incidents',
} as const;

/** Writes all figures to a file. From the page: its period and whether it counts drills. */
export const exportFigures: CommandFactory = (deps) => async (shownRange, shownDrills) => {
  const range =
    ranges.find((one) => one === shownRange) ??
    (await pick<Range>(
      ranges.map((value) => ({ label: rangeLabels[value], value })),
      { title: 'Period of the Figures', placeholder: 'Which incidents are counted?' },
    ));
  if (range === undefined) return;
  const format = await pick(
    [
      { label: 'CSV', description: 'for spreadsheets', value: 'csv' as const },
      {
        label: 'JSON',
        description: 'with the ids of the incidents behind each figure',
        value: 'json' as const,
      },
    ],
    { title: 'Form of the Figures', placeholder: 'What is to read them?' },
  );
  if (format === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(deps.journal.folder);
  const uri = await vscode.window.showSaveDialog({
    title: 'Export Figures',
    defaultUri: vscode.Uri.joinPath(folder, `incident-figures-${deps.now().slice(0, 10)}.${format}`),
    filters: format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
  });
  if (!uri) return;
  if (uri.scheme !== 'file') {
    void vscode.window.showWarningMessage(
      'Figures can only be written to a file on this machine. Nothing was written.',
    );
    return;
  }
  const figures = await loadWithProgress('Working out the figures', async (options) =>
    deps.history.figures(await deps.history.load(options), {
      ...{ range, drills: shownDrills === true, signal: options.signal },
    }),
  );
  if (!figures) return;
  const text = format === 'csv' ? figuresCsv(figures) : figuresJson(figures);
  const written = await writeWhole(uri.fsPath, text, 'The figures');
  if (written.ok)
    void vscode.window.showInformationMessage(`The figures are in ${path.basename(uri.fsPath)}.`);
  else void vscode.window.showErrorMessage(written.failure.message);
};

/** Takes post-mortems that were written by hand into History: a folder of Markdown files, copied as they are. */
export const importPostMortemsCommand: CommandFactory = (deps) => async () => {
  const chosen = await vscode.window.showOpenDialog({
    ...{ title: 'Import Post-Mortems', openLabel: 'Read', canSelectFolders: true, canSelectFiles: false },
  });
  const [folder] = chosen ?? [];
  if (!folder) return;
  await deps.session.ready();
  const ours = new Set(deps.incidents.summaries().map(({ number }) => number));
  const found = await loadWithProgress('Reading post-mortems', ({ signal }) =>
    findPostMortems(folder.fsPath, ours, signal),
  );
  if (!found) return;
  if (!found.ok) {
    void vscode.window.showErrorMessage(found.failure.message);
    return;
  }
  if (found.value.found.length === 0) {
    await deps.readOnlyTexts.show('import.md', importDocument(found.value));
    void vscode.window.showWarningMessage(
      'No post-mortem was found there. Nothing was imported; why is listed beside.',
    );
    return;
  }
  if (!(await confirmImport(deps, found.value))) return;
  const imported = await importPostMortems(deps.journal.folder, found.value.found, deps.journal.writer);
  if (!imported.ok) {
    void vscode.window.showErrorMessage(imported.failure.message);
    return;
  }
  deps.session.redraw();
  const { added, updated, unchanged } = imported.value;
  void vscode.window.showInformationMessage(
    `${added} imported, ${updated} updated, ${unchanged} already there. Search History finds them with is:imported.`,
  );
};

/** What was read is shown first, so that a person sees what is unknown before anything is kept. */
async function confirmImport(deps: CommandDeps, found: FoundPostMortems): Promise<boolean> {
  await deps.readOnlyTexts.show('import.md', importDocument(found));
  const count = found.found.length;
  const skipped = found.skipped.length === 0 ? '' : `; ${found.skipped.length} skipped`;
  return (
    (await pick(
      [
        {
          label: `Import ${count} ${count === 1 ? 'post-mortem' : 'post-mortems'}`,
          description: `copied beside the journal, your files stay as they are${skipped}`,
          value: true,
        },
        { label: 'Import nothing', value: false },
      ],
      {
        title: 'Import Post-Mortems',
        placeholder: 'What was read of each is listed beside: unknown stays unknown',
      },
    )) === true
  );
}
