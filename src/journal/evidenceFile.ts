import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed, messageOf, ok, type Result } from '../core/errors.ts';
import type { EvidenceFile } from '../core/incident/events.ts';
import { makeFolder, syncFolder } from './durableFolder.ts';
import { errnoOf, storageFailure } from './storageFailure.ts';
import { writeAll } from './writerFile.ts';

export interface EvidenceSource {
  /** The incident's folder. */
  readonly folder: string;
  /** The file to copy, absolute. */
  readonly source: string;
  /** A new ULID: no file is ever overwritten. */
  readonly id: string;
  readonly maxBytes: number;
}

/**
 * Copies a file beside the journal, durably, and gives its name, size and SHA-256. Codes: `invalid` (no plain file, or
 * larger than `maxBytes`), `not-found`, `storage`; after any of them nothing of it is left.
 */
export async function keepEvidence({
  folder,
  source,
  id,
  maxBytes,
}: EvidenceSource): Promise<Result<EvidenceFile>> {
  const name = basename(source);
  const file = `evidence/${id}-${safeName(name)}`;
  const path = join(folder, file);
  try {
    const found = await stat(source);
    if (!found.isFile()) return failed('invalid', `${name} is no file. Nothing was kept; choose a file.`);
    if (found.size > maxBytes) return tooLarge(name, maxBytes);
  } catch (thrown) {
    return failed('not-found', `${name} cannot be read. Nothing was kept.`, messageOf(thrown));
  }
  let created = false;
  try {
    await makeFolder(dirname(path));
    const handle = await open(path, 'wx');
    created = true;
    const digest = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of createReadStream(source) as AsyncIterable<Buffer>) {
        // It may have grown since it was looked at.
        if (bytes + chunk.length > maxBytes) {
          await rm(path, { force: true });
          return tooLarge(name, maxBytes);
        }
        await writeAll(handle, chunk, bytes);
        digest.update(chunk);
        bytes += chunk.length;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    // It is evidence: an editor that opens it shows it as read-only where it asks.
    await chmod(path, 0o444).catch(() => undefined);
    await syncFolder(dirname(path));
    return ok({ file, sha256: digest.digest('hex'), bytes });
  } catch (thrown) {
    if (created) await rm(path, { force: true }).catch(() => undefined);
    if (errnoOf(thrown) === 'EEXIST' && !created)
      return failed('conflict', `${file} is there already, and evidence is never overwritten.`);
    return storageFailure(thrown, { folder, subject: `the copy of ${name}` });
  }
}

const tooLarge = (name: string, maxBytes: number) =>
  failed(
    'invalid',
    `${name} is larger than ${Math.floor(maxBytes / 1_048_576)} MB, so it was not kept. Attach a part of it, or raise incident.evidence.maxMegabytes.`,
  );

/** Letters, digits, dots and hyphens, at most 100 of them, the ending kept. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '');
  return plain.length <= 100
    ? plain || 'file'
    : `${plain.slice(0, 80)}${/\.[A-Za-z0-9]{1,10}$/.exec(plain)?.[0] ?? ''}`;
}

/** The kept file's absolute path, inside the incident's folder whatever the event says. */
export const evidencePath = (folder: string, { file }: EvidenceFile): string =>
  join(folder, 'evidence', basename(file));
