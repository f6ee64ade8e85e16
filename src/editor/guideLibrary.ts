import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Guide, Runbook, Step, StepSequence } from '../core/guide/guide.ts';
import { looksLikeGuide } from '../core/guide/looksLikeGuide.ts';
import type * as GuideChunk from '../core/guide/parseGuide.ts';
import { messageOf } from '../core/errors.ts';
import { requireChunk } from './requireChunk.ts';
import { getSetting } from './settings.ts';

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
export function createGuideLibrary(defaultGuide: vscode.Uri): GuideLibrary {
  const changed = new vscode.EventEmitter<void>();
  const uris = new Map<string, vscode.Uri>();
  let guides: readonly Guide[] = [];
  let loading: Promise<readonly Guide[]> | undefined;
  let watcher: vscode.FileSystemWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;

  const read = async (): Promise<readonly Guide[]> => {
    const files = await findFiles();
    const found: Guide[] = [];
    for (const uri of files) {
      const guide = await readGuide(uri, vscode.workspace.asRelativePath(uri, true));
      if (guide) found.push(guide);
    }
    found.sort((a, b) => weight(b) - weight(a) || a.file.localeCompare(b.file));
    uris.clear();
    for (const uri of files) uris.set(vscode.workspace.asRelativePath(uri, true), uri);
    if (!found.some((guide) => guide.phases.length > 0)) {
      const own = await readGuide(defaultGuide, path.posix.basename(defaultGuide.path), true);
      if (own) {
        found.unshift(own);
        uris.set(own.file, defaultGuide);
      }
    }
    return found.map((guide, index) => (index === 0 ? guide : qualify(guide)));
  };
  const reload = async (): Promise<readonly Guide[]> => {
    guides = await read();
    changed.fire();
    return guides;
  };
  const load = (): Promise<readonly Guide[]> => {
    loading ??= reload();
    if (!watcher) {
      watcher = vscode.workspace.createFileSystemWatcher('**/*.md');
      const soon = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          loading = reload();
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
    all: () => guides,
    guideOf: (file) => guides.find((guide) => guide.file === file) ?? guides[0],
    find: (sequenceId) => findIn(guides, (sequence) => sequence.id === sequenceId),
    findStep: (stepId) => {
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
      watcher?.dispose();
      changed.dispose();
    },
  };
}

async function findFiles(): Promise<readonly vscode.Uri[]> {
  const exclude = `{${getSetting('guides.exclude').join(',')}}`;
  const lists = await Promise.all(
    getSetting('guides.include').map((glob) => vscode.workspace.findFiles(glob, exclude, maxFiles)),
  );
  return [...new Map(lists.flat().map((uri) => [uri.toString(), uri])).values()];
}

async function readGuide(uri: vscode.Uri, file: string, always = false): Promise<Guide | undefined> {
  try {
    const source = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return always || looksLikeGuide(source) ? parseGuide(source, { file }) : undefined;
  } catch (thrown) {
    void vscode.window.showWarningMessage(
      `The guide ${file} could not be read (${messageOf(thrown)}). The other guides still work.`,
    );
    return undefined;
  }
}

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
