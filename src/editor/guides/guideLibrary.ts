import { readFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Guide, Runbook, Step, StepSequence } from '../../core/guide/guide.ts';
import { looksLikeGuide } from '../../core/guide/looksLikeGuide.ts';
import type * as GuideChunk from '../../core/guide/parseGuide.ts';
import { messageOf } from '../../core/errors.ts';
import { createGuideCache } from './guideCache.ts';
import { createGuideReader, type GuideReader } from './guideReader.ts';
import { requireChunk } from '../chunks/requireChunk.ts';
import { getSetting } from '../settings.ts';
import { sha256 } from '../../journal/sha256.ts';

/** Most Markdown files looked at: beyond this a workspace needs a narrower `incident.guides.include`. */
const maxFiles = 2_000;

export interface FoundSequence {
  readonly guide: Guide;
  readonly sequence: StepSequence;
  readonly condition?: string;
  readonly about?: string;
}

/** Reads a guide's text; its Markdown parser is a lazy chunk. */
export const parseGuide: typeof GuideChunk.parseGuide = (source, options) =>
  (requireChunk('guide') as typeof GuideChunk).parseGuide(source, options);

export interface GuideLibrary {
  /** Reads the guides once; later calls give what is known. The first is the main guide. Never empty. */
  load(): Promise<readonly Guide[]>;
  /** What is known as soon as there is something; the rest is told by `onDidChange`. For a view, not for a decision. */
  first(): Promise<readonly Guide[]>;
  all(): readonly Guide[];
  /** The guide an incident follows: the one it was declared with when that is still here, else the main one. */
  guideOf(file: string | undefined): Guide | undefined;
  find(sequenceId: string): FoundSequence | undefined;
  findStep(stepId: string): (FoundSequence & { readonly step: Step }) | undefined;
  /** Where the guide's file is. */
  uriOf(guide: Guide): vscode.Uri;
  /** The folder of the guide a step stands in; the workspace's for the product's own guide. */
  folderOf(step: Step): string;
  readonly onDidChange: vscode.Event<void>;
  dispose(): void;
}

/** Finds guides in the workspace by the include globs and by content, and watches them. */
export function createGuideLibrary(defaultGuide: vscode.Uri, cacheFolder: string): GuideLibrary {
  const changed = new vscode.EventEmitter<void>();
  const uris = new Map<string, vscode.Uri>();
  let guides: readonly Guide[] = [];
  let loading: Promise<readonly Guide[]> | undefined;
  let watcher: vscode.FileSystemWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reader: GuideReader | undefined;
  let some: readonly Guide[] = [];
  let saidTooMany = false;
  const stop = new AbortController();
  const someCame = new vscode.EventEmitter<void>();

  const read = async (): Promise<readonly Guide[]> => {
    const files = await findFiles();
    if (files.length > maxFiles && !saidTooMany) {
      saidTooMany = true;
      void vscode.window.showInformationMessage(
        `This workspace has more than ${maxFiles.toLocaleString('en')} Markdown files; only that many were looked at for guides. Narrow the setting incident.guides.include to the folders that hold them.`,
      );
    }
    const listed = files
      .slice(0, maxFiles)
      .map((uri) => ({ uri: uri.toString(), file: vscode.workspace.asRelativePath(uri, true) }));
    reader ??= await createReader(defaultGuide, cacheFolder);
    const found = [
      ...(await reader.readAll(listed, stop.signal, (guidesSoFar) => {
        if (guides.length > 0) return; // they are shown until all changes are read
        some = [...guidesSoFar].sort(byWeight).map(qualify);
        someCame.fire();
        changed.fire();
      })),
    ];
    found.sort(byWeight);
    uris.clear();
    for (const uri of files) uris.set(vscode.workspace.asRelativePath(uri, true), uri);
    if (!found.some((guide) => guide.phases.length > 0)) {
      const own = await readOwn(defaultGuide);
      if (own) {
        found.unshift(own);
        uris.set(own.file, defaultGuide);
      }
    }
    return found.map((guide, index) => (index === 0 ? guide : qualify(guide)));
  };
  const reload = async (): Promise<readonly Guide[]> => {
    guides = await read();
    some = guides;
    someCame.fire();
    changed.fire();
    return guides;
  };
  const load = (): Promise<readonly Guide[]> => {
    loading ??= reload();
    if (!watcher) {
      watcher = vscode.workspace.createFileSystemWatcher('**/*.md');
      const soon = (uri: vscode.Uri): void => {
        reader?.stale(uri.toString());
        clearTimeout(timer);
        timer = setTimeout(() => {
          // One after the other: two at once could each miss what the other is reading.
          loading = (loading ?? Promise.resolve()).then(reload, reload);
        }, 200);
      };
      watcher.onDidChange(soon);
      watcher.onDidCreate(soon);
      watcher.onDidDelete(soon);
    }
    return loading;
  };
  return {
    load,
    first: async () => {
      const all = load();
      if (some.length > 0) return some;
      await Promise.race([all, new Promise<void>((resolve) => someCame.event(() => resolve()))]);
      return some;
    },
    all: () => guides,
    guideOf: (file) => guides.find((guide) => guide.file === file) ?? guides[0],
    find: (shown) => {
      const sequenceId = ownId(guides, shown);
      return findIn(guides, (sequence) => sequence.id === sequenceId);
    },
    findStep: (shown) => {
      const stepId = ownId(guides, shown);
      const found = findIn(guides, (sequence) => sequence.steps.some((step) => step.id === stepId));
      const step = found?.sequence.steps.find((candidate) => candidate.id === stepId);
      return found && step ? { ...found, step } : undefined;
    },
    uriOf: (guide) => uris.get(guide.file) ?? defaultGuide,
    folderOf: (step) => {
      const guide = findIn(guides, (sequence) => sequence.steps.some(({ id }) => id === step.id))?.guide;
      const uri = guide && uris.get(guide.file);
      if (uri && uri !== defaultGuide) return path.dirname(uri.fsPath);
      return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();
    },
    onDidChange: changed.event,
    dispose: () => {
      clearTimeout(timer);
      stop.abort();
      someCame.dispose();
      watcher?.dispose();
      changed.dispose();
    },
  };
}

async function findFiles(): Promise<readonly vscode.Uri[]> {
  const exclude = `{${getSetting('guides.exclude').join(',')}}`;
  const lists = await Promise.all(
    getSetting('guides.include').map((glob) => vscode.workspace.findFiles(glob, exclude, maxFiles + 1)),
  );
  return [...new Map(lists.flat().map((uri) => [uri.toString(), uri])).values()];
}

/** The product's own guide, for a workspace that has none. */
async function readOwn(uri: vscode.Uri): Promise<Guide | undefined> {
  const file = path.posix.basename(uri.path);
  try {
    return parseGuide(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), { file });
  } catch (thrown) {
    tellUnreadable(file, thrown);
    return undefined;
  }
}

/** The reader with what earlier windows have read, as long as the parser is the one of today. */
async function createReader(defaultGuide: vscode.Uri, cacheFolder: string): Promise<GuideReader> {
  const chunk = await readFile(path.join(__dirname, 'guide.cjs')).catch(() => Buffer.from(defaultGuide.path));
  const build = sha256(chunk).slice(0, 16);
  return createGuideReader({
    read: (uri) => Promise.resolve(vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true))),
    parse: (source, file) => (looksLikeGuide(source, file) ? parseGuide(source, { file }) : undefined),
    cache: createGuideCache(cacheFolder, build),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    clock: () => performance.now(),
    onUnreadable: tellUnreadable,
  });
}

function tellUnreadable(file: string, thrown: unknown): void {
  void vscode.window.showWarningMessage(
    `The guide ${file} could not be read (${messageOf(thrown)}). The other guides still work.`,
  );
}

/** While guides are still being read every id carries its file; the main guide's then go without. */
function ownId(guides: readonly Guide[], id: string): string {
  const main = guides[0];
  return main && id.startsWith(`${main.file}#`) ? id.slice(main.file.length + 1) : id;
}

const byWeight = (a: Guide, b: Guide): number => weight(b) - weight(a) || a.file.localeCompare(b.file);

/** A guide with phases leads; among those, the one that says most. */
const weight = (guide: Guide): number =>
  guide.phases.length * 100 + guide.severities.length * 10 + guide.runbooks.length;

/** Ids are unique within one file: those of further guides carry their file, so that two can name a runbook alike. */
function qualify(guide: Guide): Guide {
  const runbooks = guide.runbooks.map((runbook): Runbook => ({
    ...runbook,
    id: `${guide.file}#${runbook.id}`,
    steps: runbook.steps.map((step) => ({ ...step, id: `${guide.file}#${step.id}` })),
  }));
  return { ...guide, runbooks };
}

function findIn(
  guides: readonly Guide[],
  matches: (sequence: StepSequence) => boolean,
): FoundSequence | undefined {
  for (const guide of guides) {
    const runbook = guide.runbooks.find(matches);
    if (runbook) return { guide, sequence: runbook, about: runbook.about };
    for (const part of guide.phases.flatMap((phase) => phase.parts)) {
      if (part.kind === 'steps' && matches(part)) return { guide, sequence: part };
      if (part.kind === 'option' && matches(part)) {
        return {
          guide,
          sequence: part,
          ...(part.condition === undefined ? {} : { condition: part.condition }),
        };
      }
    }
  }
  return undefined;
}
