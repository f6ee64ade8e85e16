import type { LabDescription } from './labDescription.ts';

export type SystemName = keyof LabDescription;

export interface SystemContext {
  /** The system's own folder, empty at the start: data, certificates, `logs/` and `processes/`. */
  readonly folder: string;
  /** What runs already: everything the system named in `needs`, and perhaps more. */
  readonly running: Partial<LabDescription>;
}

/** One system of the lab: what makes it, and what tells the tests where it is. */
export interface LabSystem<Name extends SystemName = SystemName> {
  readonly name: Name;
  /** Systems that must be up before; when one of them is started anew, this one is too. */
  readonly needs?: readonly SystemName[];
  /** Why it cannot run on this machine, and what to install; undefined when it can. */
  readonly missing?: () => string | undefined;
  /** Makes the programs (`ensureGoProgram`, `makeOnce`), each with a progress line of its own. */
  readonly build?: () => Promise<unknown>;
  /** Starts the processes with `startProcess` and resolves when all are ready and hold their test data. */
  readonly start: (context: SystemContext) => Promise<LabDescription[Name]>;
}
