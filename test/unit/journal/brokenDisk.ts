import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { devNull } from 'node:os';

type Call = 'write' | 'sync' | 'truncate';

export const diskError = (code: string): Error =>
  Object.assign(new Error(`${code}: from the test`), { code });

/**
 * Makes calls on every open file fail until `mend` is called: each entry is asked once per call and throws, or
 * returns undefined to let the real call through. `write` may also give the number of bytes to take first.
 */
export async function breakDisk(faults: Partial<Record<Call, () => number | undefined>>) {
  const probe = await open(devNull, 'r');
  const prototype = Object.getPrototypeOf(probe) as Record<Call, (...args: unknown[]) => Promise<unknown>>;
  await probe.close();
  const real = { write: prototype.write, sync: prototype.sync, truncate: prototype.truncate };
  for (const call of Object.keys(faults) as Call[]) {
    prototype[call] = async function (this: FileHandle, ...args: unknown[]) {
      const take = faults[call]?.();
      if (take !== undefined) args[2] = take;
      return real[call].apply(this, args);
    };
  }
  return { mend: () => void Object.assign(prototype, real) };
}
