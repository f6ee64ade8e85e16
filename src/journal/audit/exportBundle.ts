import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed, ok, type Result } from '../../core/errors.ts';
import { makeFolder, syncFolder } from '../durableFolder.ts';
import type { JournalProblem } from '../parseJournalFile.ts';
import { readIncidentFolder } from '../readIncidentFolder.ts';
import { sha256 } from '../sha256.ts';
import { errnoOf, storageFailure } from '../storageFailure.ts';
import { verifyIncident } from '../verifyIncident.ts';
import { writeAll } from '../writerFile.ts';
import { isExcused, manifestName, sumLine, sumName, type BundledFile, type Manifest } from './manifest.ts';

export interface BundleEntry {
  /** The file, absolute. */
  readonly from: string;
  /** Where its copy lies, relative, with `/`. */
  readonly path: string;
}

export interface BundleSource {
  /** The incident's folder in the journal. */
  readonly folder: string;
  readonly incident: Manifest['incident'];
  /** From elsewhere: the post-mortem and what belongs to it, with their places under `documents/`. */
  readonly documents: readonly BundleEntry[];
  /** Must not be there yet. */
  readonly into: string;
  /** UTC ISO 8601. */
  readonly exportedAt: string;
  readonly exportedBy: string;
}

export interface ExportedBundle {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 (hex) of the manifest: kept elsewhere, it vouches for the whole bundle. */
  readonly manifestSha256: string;
  /** What is not as it was written, although it was exported as it is; a line that a crash tore off is none of it. */
  readonly problems: readonly JournalProblem[];
}

/**
 * Writes an incident's journal, outputs, evidence and documents into a new folder, with a manifest that hashes every
 * file and each writer's last line. The folder appears whole or not at all. Codes: `conflict` (there is something of
 * that name), `storage`, `cancelled`.
 */
export async function exportBundle(
  source: BundleSource,
  signal: AbortSignal,
): Promise<Result<ExportedBundle>> {
  const { folder, incident, documents, into, exportedAt, exportedBy } = source;
  const partial = join(dirname(into), `.${basename(into)}.partial`);
  const subject = 'the audit bundle';
  try {
    if (await isThere(into))
      return failed(
        'conflict',
        `${basename(into)} is there already. Nothing was written; choose another name.`,
      );
    await rm(partial, { recursive: true, force: true });
    const files: BundledFile[] = [];
    const bundled = documents.map(({ from, path }) => ({ from, path: `documents/${path}` }));
    for (const { from, path } of [...(await listIncident(folder)), ...bundled]) {
      signal.throwIfAborted();
      files.push({ path, ...(await copy(from, join(partial, path), signal)) });
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    // The copy is read, so that a line which came meanwhile is in both or in neither.
    const copied = join(partial, 'journal');
    const heads = await headsOf(copied, incident.id);
    const { problems } = await verifyIncident(copied, incident.id);
    const manifest: Manifest = {
      format: 'incident-response audit bundle',
      version: 1,
      incident,
      exportedAt,
      exportedBy,
      files,
      known: problems.map(({ file, line, code }) => ({ file, line, code })),
      heads,
    };
    const bytes = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
    const manifestSha256 = sha256(bytes);
    await write(join(partial, manifestName), bytes);
    await write(join(partial, sumName), Buffer.from(sumLine(manifestSha256)));
    signal.throwIfAborted();
    await syncFolder(partial);
    await rename(partial, into);
    await syncFolder(dirname(into));
    const total = files.reduce((sum, file) => sum + file.bytes, 0);
    return ok({
      files: files.length,
      bytes: total,
      manifestSha256,
      problems: problems.filter((problem) => !isExcused(problem)),
    });
  } catch (thrown) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    if (signal.aborted) return failed('cancelled', 'The export was stopped. Nothing of it was left.');
    return storageFailure(thrown, { folder: dirname(into), subject });
  }
}

/** The number of lines and the last hash of each writer in an incident's folder. */
export async function headsOf(folder: string, incident: string): Promise<Manifest['heads']> {
  const { events, heads } = await readIncidentFolder(folder, incident);
  const lines = new Map<string, number>();
  for (const { writer, n } of events) lines.set(writer, Math.max(lines.get(writer) ?? 0, n));
  const chains = Object.entries(heads).map(([writer, sha256]) => [
    writer,
    { lines: lines.get(writer) ?? 0, sha256 },
  ]);
  return Object.fromEntries(chains) as Manifest['heads'];
}

/** The journal's own files; what other programs left beside them (a lock, a folder view) is none of it. */
async function listIncident(folder: string): Promise<readonly BundleEntry[]> {
  const found: BundleEntry[] = [];
  for (const [sub, pattern] of [
    ['', /\.jsonl$/],
    ['output', /^[^.].*\.(?:log|points\.json)$/],
    ['evidence', /^[^.]/],
  ] as const) {
    const names = await readdir(join(folder, sub)).catch((thrown: unknown) => {
      if (sub !== '' && errnoOf(thrown) === 'ENOENT') return [];
      throw thrown;
    });
    for (const name of names.filter((one) => pattern.test(one)).sort())
      found.push({
        from: join(folder, sub, name),
        path: ['journal', ...(sub === '' ? [] : [sub]), name].join('/'),
      });
  }
  return found;
}

async function copy(
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  await makeFolder(dirname(to));
  const handle = await open(to, 'wx');
  const digest = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(from, { signal }) as AsyncIterable<Buffer>) {
      await writeAll(handle, chunk, bytes);
      digest.update(chunk);
      bytes += chunk.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: digest.digest('hex') };
}

async function write(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await writeAll(handle, bytes, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOENT') return false;
      throw thrown;
    },
  );
