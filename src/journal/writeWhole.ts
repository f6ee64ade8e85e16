import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { failed, messageOf, ok, type Result } from '../core/errors.ts';
import { errnoOf } from './storageFailure.ts';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const refused = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * Writes a file whole or not at all: a file of that name stays as it was until the new one is on the disk. `what` is what
 * is written, for the sentence: `The figures`. Codes: `invalid` (something else has that name), `storage`.
 */
export async function writeWhole(path: string, text: string, what: string): Promise<Result<void>> {
  const name = basename(path);
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile())
    return failed('invalid', `${name} is no file. ${what} were not written; choose another name.`);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { flush: true });
    await rename(temporary, path);
    return ok(undefined);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const errno = errnoOf(thrown) ?? '';
    const [why, next] = full.has(errno)
      ? ['The disk is full', 'Free some space and export again.']
      : refused.has(errno)
        ? ['There is no permission to write there', 'Choose another folder and export again.']
        : ['The disk refused the file', 'Choose another folder and export again.'];
    const before = there ? ` ${name} is as it was before.` : '';
    return failed(
      'storage',
      `${why}, so ${what.toLowerCase()} were not written.${before} Nothing was lost. ${next}`,
      messageOf(thrown),
    );
  }
}
