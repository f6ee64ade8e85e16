import * as os from 'node:os';
import * as path from 'node:path';

/** A folder as a setting names it: `~/` is the home folder, and a relative one starts at `base`. */
export function expandHome(folder: string, base: string = os.homedir()): string {
  const trimmed = folder.trim();
  return /^~[\\/]/.test(trimmed) ? path.join(os.homedir(), trimmed.slice(2)) : path.resolve(base, trimmed);
}
