import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { escalationOf } from '../../core/incident/progress.ts';
import { peopleFor } from '../../core/people/peopleFor.ts';
import { nobody, type PeopleFile } from '../../core/people/person.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { expandHome } from '../expandHome.ts';
import type * as PeopleChunk from './peopleText.ts';
import { peopleTemplate } from './peopleTemplate.ts';
import { requireChunk } from '../chunks/requireChunk.ts';
import { getSetting } from '../settings.ts';
import { watchFiles } from '../watchFiles.ts';

/** A file is written in pieces: read in between it would be empty. */
const settleMs = 200;

/** The people of the file that the setting names. */
export interface People {
  /** Reads the file once and after each change. A file that is not there is nobody; one that cannot be read says so. */
  load(): Promise<PeopleFile>;
  /** The file as a person calls it: `incident-people.yaml`. */
  name(): string;
  /** Opens the file; made with an example in it where there is none. */
  open(): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
  dispose(): void;
}

/** `fallbackFolder` is where a relative name leads in a window without a folder. */
export function createPeople(fallbackFolder: vscode.Uri): People {
  const changed = new vscode.EventEmitter<void>();
  let loading: Promise<PeopleFile> | undefined;
  let last: PeopleFile = nobody;
  let watch: vscode.Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;

  const uri = (): vscode.Uri => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? fallbackFolder.fsPath;
    const file = getSetting('people.file').trim() || 'incident-people.yaml';
    return vscode.Uri.file(expandHome(file, folder));
  };
  const forget = (): void => {
    loading = undefined;
    changed.fire();
  };
  const read = async (): Promise<PeopleFile> => {
    watch ??= watchFiles([uri().fsPath], () => {
      clearTimeout(timer);
      timer = setTimeout(forget, settleMs);
    });
    const text = await readIfThere(uri());
    if (typeof text !== 'string') return (last = text);
    const { people, problems } = (requireChunk('people') as typeof PeopleChunk).readPeopleText(text);
    // In the middle of an edit the file is often no YAML: the people are still those of before.
    return (last = { people: people ?? last.people, problems });
  };
  const settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration('incident.people.file')) return;
    watch?.dispose();
    watch = undefined;
    last = nobody;
    forget();
  });
  return {
    load: () => (loading ??= read()),
    name: () => path.basename(uri().fsPath),
    open: async () => {
      const file = uri();
      if ((await readIfThere(file)) === nobody)
        await vscode.workspace.fs.writeFile(file, Buffer.from(peopleTemplate));
      await vscode.window.showTextDocument(file);
    },
    onDidChange: changed.event,
    dispose: () => {
      clearTimeout(timer);
      watch?.dispose();
      settings.dispose();
      changed.dispose();
    },
  };
}

/** Whom the guide's row for the incident's severity names, and the roles of it that nobody is known for. */
export const peopleOfRow =
  ({ load }: Pick<People, 'load'>): CommandDeps['peopleOf'] =>
  async (incident, guide) => {
    const roles = (guide && escalationOf(incident, guide)?.roles) ?? [];
    const { people, unknown } = peopleFor(roles, (await load()).people, guide?.contacts ?? []);
    return { people, unknownRoles: unknown };
  };

/** The file's text; `nobody` itself when there is no such file, and a problem when it cannot be read. */
async function readIfThere(uri: vscode.Uri): Promise<string | PeopleFile> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError && thrown.code === 'FileNotFound') return nobody;
    return {
      people: [],
      problems: [`The file could not be read (${messageOf(thrown)}). The guide's contacts still count.`],
    };
  }
}
