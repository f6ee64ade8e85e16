import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { messageOf } from '../../core/errors.ts';
import { hashFile } from '../hashFile.ts';
import { sha256 } from '../sha256.ts';
import { verifyIncident, type Verification } from '../verifyIncident.ts';
import { headsOf } from './exportBundle.ts';
import { isExcused, manifestName, manifestSchema, sumLine, sumName, type Manifest } from './manifest.ts';

/** Something in a bundle that is not as it was exported. */
export interface BundleProblem {
  /** Relative to the bundle. */
  readonly file: string;
  /** 1-based where it is about a line, else 0. */
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

export interface BundleVerification {
  /** Undefined when the manifest itself cannot be trusted or read. */
  readonly manifest: Manifest | undefined;
  readonly manifestSha256: string;
  readonly files: number;
  /** What was looked at in the bundle's journal; undefined when it cannot be read. */
  readonly journal: Omit<Verification, 'problems'> | undefined;
  /** Empty when every byte is as it was exported, and the journal was as it was written by then. */
  readonly problems: readonly BundleProblem[];
}

/**
 * Holds a bundle against its manifest, file by file and chain by chain. Whoever changes the bundle and writes manifest
 * and sum anew is found out only by a copy of the sum, or of the heads, that is kept elsewhere. Throws without the folder.
 */
export async function verifyBundle(folder: string): Promise<BundleVerification> {
  const problems: BundleProblem[] = [];
  const say = (file: string, code: string, message: string, line = 0): void => {
    problems.push({ file, line, code, message });
  };
  const names = await listFiles(folder);
  const { manifest, manifestSha256 } = await readManifest(folder, say);
  if (!manifest) return { manifest, manifestSha256, files: 0, journal: undefined, problems };
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  if (listed.size !== manifest.files.length)
    say(manifestName, 'changed-manifest', 'The manifest names a file twice.');
  for (const name of names)
    if (!listed.has(name) && name !== manifestName && name !== sumName)
      say(name, 'added-file', `${name} is not in the manifest: it was added later.`);
  for (const { path, bytes, sha256 } of manifest.files) {
    const found = names.includes(path)
      ? await hashFile(join(folder, path)).catch(() => undefined)
      : undefined;
    if (found === undefined)
      say(path, 'missing-file', `${path} is in the manifest and not in the bundle, or cannot be read.`);
    else if (found.sha256 !== sha256 || found.bytes !== bytes)
      say(
        path,
        'changed-file',
        `${path} is not what was exported: it has ${found.bytes} bytes where ${bytes} were exported, or other ones.`,
      );
  }
  const journal = await verifyJournal(join(folder, 'journal'), manifest, say);
  return { manifest, manifestSha256, files: manifest.files.length, journal, problems };
}

type Say = (file: string, code: string, message: string, line?: number) => void;

async function readManifest(
  folder: string,
  say: Say,
): Promise<{ manifest: Manifest | undefined; manifestSha256: string }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(folder, manifestName));
  } catch (thrown) {
    say(
      manifestName,
      'missing-manifest',
      `The manifest cannot be read (${messageOf(thrown)}), so nothing can be vouched for.`,
    );
    return { manifest: undefined, manifestSha256: '' };
  }
  const manifestSha256 = sha256(bytes);
  const sum = await readFile(join(folder, sumName), 'utf8').catch(() => '');
  if (sum !== sumLine(manifestSha256))
    say(
      sumName,
      'changed-manifest',
      `${manifestName} and ${sumName} do not belong together: one of them was changed or is missing.`,
    );
  try {
    return { manifest: v.parse(manifestSchema, JSON.parse(bytes.toString('utf8'))), manifestSha256 };
  } catch (thrown) {
    say(manifestName, 'changed-manifest', `The manifest is none that was exported: ${messageOf(thrown)}`);
    return { manifest: undefined, manifestSha256 };
  }
}

async function verifyJournal(
  folder: string,
  manifest: Manifest,
  say: Say,
): Promise<BundleVerification['journal']> {
  try {
    const { problems, ...looked } = await verifyIncident(folder, manifest.incident.id);
    const known = new Set(manifest.known.map(({ file, line, code }) => `${file}:${line}:${code}`));
    for (const { file, line, code, message } of problems) {
      const wasSo = known.has(`${file}:${line}:${code}`);
      if (wasSo && isExcused({ code })) continue;
      say(`journal/${file}`, code, wasSo ? `${message} It was so at the export already.` : message, line);
    }
    const chains = await headsOf(folder, manifest.incident.id);
    for (const writer of new Set([...Object.keys(chains), ...Object.keys(manifest.heads)])) {
      const [now, then] = [chains[writer], manifest.heads[writer]];
      if (now?.sha256 !== then?.sha256 || now?.lines !== then?.lines)
        say(
          `journal/${writer}.jsonl`,
          'changed-head',
          `Writer ${writer} ends with another line than when it was exported.`,
        );
    }
    return looked;
  } catch (thrown) {
    say('journal', 'missing-file', `The journal in the bundle cannot be read (${messageOf(thrown)}).`);
    return undefined;
  }
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, ''),
    );
}
