import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errnoOf } from './storageFailure.ts';

/** What a file system answers that cannot fsync a folder at all (Windows, some network and FUSE mounts). */
const UNSUPPORTED = new Set(['EINVAL', 'EPERM', 'EACCES', 'EISDIR', 'EBADF', 'ENOTSUP', 'ENOSYS']);

/**
 * Makes a folder's entries durable: without it a new file can be gone after a power cut although its content was
 * synced (fsync(2)). Throws when the disk refuses; does nothing where folders cannot be synced.
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (!UNSUPPORTED.has(errnoOf(thrown) ?? '')) throw thrown;
  }
}

/** Makes a folder with those above it, durably. Throws what the disk says. */
export async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made === undefined) return;
  const top = dirname(resolve(made));
  for (let path = resolve(folder); path !== top;) {
    path = dirname(path);
    await syncFolder(path);
  }
}
