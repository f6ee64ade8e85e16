import { failed, messageOf } from '../core/errors.ts';
import type { Failure } from '../core/errors.ts';

/** The `code` Node puts on a failed system call (`ENOSPC`); undefined for anything else that was thrown. */
export const errnoOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

const reasonOf = (errno: string | undefined, folder: string): { what: string; next: string } => {
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { what: 'The disk is full', next: 'Free some space and do it again.' };
    case 'EFBIG':
      return {
        what: 'The file may not grow any further',
        next: 'Raise the file size limit and do it again.',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        what: `There is no permission to write in ${folder}`,
        next: 'Allow it, or choose another journal folder in the settings, and do it again.',
      };
    case 'EROFS':
      return {
        what: `The disk that holds ${folder} is read-only`,
        next: 'Choose another journal folder in the settings and do it again.',
      };
    case 'ENOTDIR':
    case 'EEXIST':
      return {
        what: `There is a file where a folder of the journal should be, at or in ${folder}`,
        next: 'Move it away, or choose another journal folder in the settings, and do it again.',
      };
    case 'EMFILE':
    case 'ENFILE':
      return { what: 'Too many files are open', next: 'Close some windows and do it again.' };
    default:
      return { what: `The disk refused a write in ${folder}`, next: 'Check the disk and do it again.' };
  }
};

/**
 * A refusal of the disk as a Failure 'storage'. `subject` completes "so … was not written"; what was safe before
 * stays safe, and the sentence says so.
 */
export function storageFailure(
  thrown: unknown,
  { folder, subject }: { folder: string; subject: string },
): { ok: false; failure: Failure } {
  const { what, next } = reasonOf(errnoOf(thrown), folder);
  return failed(
    'storage',
    `${what}, so ${subject} was not written. Everything recorded before is safe. ${next}`,
    messageOf(thrown),
  );
}
