import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exists, PlainFailure, step } from '../../scripts/cache.mjs';
import { withFileLock } from './fileLock.ts';
import type { LabDescription } from './labDescription.ts';
import { endProcesses, isRunning, readProcesses } from './labProcess.ts';
import type { LabSystem, SystemName } from './labSystem.ts';
import { labSystems } from './labSystems.ts';

/** Where the lab's data and logs are: `INCIDENT_LAB_DIR`, else a folder among the temporary ones. */
export function labFolder(): string {
  return path.resolve(process.env['INCIDENT_LAB_DIR'] ?? path.join(os.tmpdir(), 'incident-lab'));
}

/** The file that describes the running lab; tests find it by the variable `INCIDENT_LAB`. */
export const descriptionFile = () => path.join(labFolder(), 'lab.json');

const folderOf = (name: SystemName) => path.join(labFolder(), name);
const locked = <T>(work: () => Promise<T>) =>
  withFileLock(`${labFolder()}.lock`, 'Another command is at work on the lab; waiting for it.', work);

/**
 * Starts what does not run yet, in order; `only` takes some systems and what they need. When one fails, everything
 * that this call started is ended again and the PlainFailure names its log file; the same when it is stopped, which
 * takes effect before the next system. Resolves with the systems that this machine cannot run, each with the reason.
 */
export async function upLab(
  only: readonly string[] = [],
  stopped?: AbortSignal,
): Promise<Map<SystemName, string>> {
  const wanted = chosen(only);
  const left = new Map<SystemName, string>();
  await locked(async () => {
    await mkdir(labFolder(), { recursive: true, mode: 0o700 });
    const started: SystemName[] = [];
    try {
      for (const system of wanted) {
        stopped?.throwIfAborted();
        const { name, needs = [] } = system;
        const absent = needs.find((need) => left.has(need));
        const missing = absent === undefined ? system.missing?.() : `it needs ${absent}`;
        if (missing !== undefined) {
          left.set(name, missing);
          process.stderr.write(`${name} is left out: ${missing}\n`);
        } else if (!needs.some((need) => started.includes(need)) && (await isUp(name))) {
          process.stderr.write(`${name} is up\n`);
        } else {
          await clear(name);
          started.push(name);
          await startSystem(system);
        }
      }
    } catch (error) {
      for (const name of started.reverse()) await forget(name);
      throw error;
    }
  });
  return left;
}

/** Ends every process of the lab and removes its data. What the person put beside it in the folder stays. */
export async function downLab(): Promise<void> {
  await locked(async () => {
    for (const { name } of [...labSystems].reverse()) {
      if (!(await exists(folderOf(name)))) continue;
      await step(`${name} is ended`, () => clear(name));
    }
    await rm(descriptionFile(), { force: true });
    await rmdir(labFolder()).catch(() => undefined);
  });
}

/** One line per system: up with its processes, down, or what of it ended by itself and where its log is. */
export async function statusLab(): Promise<string[]> {
  const description = await readDescription();
  return Promise.all(
    labSystems.map(async ({ name }) => {
      const processes = await readProcesses(folderOf(name));
      const gone = processes.filter((one) => !isRunning(one));
      const line = (text: string) => `${name.padEnd(14)} ${text}`;
      if (gone.length > 0) {
        return line(`broken: ${gone.map((one) => `${one.name} ended (${one.logFile})`).join(', ')}`);
      }
      if (description[name] === undefined) return line('down');
      return line(`up: ${processes.map((one) => `${one.name} ${one.pid}`).join(', ')}`);
    }),
  );
}

/** The systems named, with what they need, in starting order; all of them when none is named. */
function chosen(names: readonly string[]): readonly LabSystem[] {
  const unknown = names.find((name) => !labSystems.some((system) => system.name === name));
  if (unknown !== undefined) {
    const known = labSystems.map(({ name }) => name).join(', ');
    throw new PlainFailure(`The lab has no system "${unknown}". It has: ${known}.`);
  }
  const wanted = new Set(names);
  for (const system of [...labSystems].reverse()) {
    if (wanted.has(system.name)) for (const need of system.needs ?? []) wanted.add(need);
  }
  return labSystems.filter(({ name }) => names.length === 0 || wanted.has(name));
}

async function startSystem(system: LabSystem): Promise<void> {
  await system.build?.();
  const folder = folderOf(system.name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const running = await readDescription();
  const description = await step(system.name, () => system.start({ folder, running }));
  await writeDescription({ ...running, [system.name]: description });
}

async function isUp(name: SystemName): Promise<boolean> {
  const processes = await readProcesses(folderOf(name));
  return (await readDescription())[name] !== undefined && processes.every(isRunning);
}

/** Ends a system and removes its data. */
async function clear(name: SystemName): Promise<void> {
  await forget(name);
  await rm(folderOf(name), { recursive: true, force: true });
}

/** Ends a system and leaves its logs, for the person to read. */
async function forget(name: SystemName): Promise<void> {
  await endProcesses(folderOf(name));
  const description = await readDescription();
  if (description[name] === undefined) return;
  const others = Object.entries(description).filter(([other]) => other !== name);
  await writeDescription(Object.fromEntries(others) as Partial<LabDescription>);
}

async function readDescription(): Promise<Partial<LabDescription>> {
  const text = await readFile(descriptionFile(), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Partial<LabDescription>;
}

/** Written beside and renamed, so that no test reads half of it. */
async function writeDescription(description: Partial<LabDescription>): Promise<void> {
  const part = `${descriptionFile()}.part`;
  await writeFile(part, `${JSON.stringify(description, null, 2)}\n`, { mode: 0o600 });
  await rename(part, descriptionFile());
}
