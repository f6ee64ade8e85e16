import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, exists, makeOnce, PlainFailure, runQuietly, step } from '../../scripts/cache.mjs';
import { onPath } from '../../scripts/programs.ts';
import { withFileLock } from './fileLock.ts';

/** The files of a wrapper module by their path in it: `go.mod`, and what imports the programs. */
export type GoFiles = Readonly<Record<string, string>>;

/** A module's own sources with a few texts replaced: for what a program lacks and a flag cannot give. */
export interface ChangedModule {
  readonly module: string;
  /** `from` must be in the file exactly once. */
  readonly changes: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

export interface GoProgram {
  /** Also the first part of its folder's name in the cache. */
  readonly name: string;
  /** As the module proxy spells it, e.g. `v1.36.3`. */
  readonly version: string;
  /**
   * A wrapper module, `go mod tidy` completes it; without files the packages are installed as they are, each at
   * `version`. A function is called only when there is something to build. A changed module is copied and built in
   * place.
   */
  readonly files: GoFiles | (() => Promise<GoFiles>) | ChangedModule;
  /** The main packages to build: `.` is the wrapper's own. */
  readonly packages: readonly string[];
  readonly ldflags?: string;
  /** The programs' file names in the folder, in the order of `packages`. */
  readonly outputs: readonly string[];
}

/**
 * Gives the folder that holds the built programs, building them once per name and version: cold it takes minutes and
 * two processors. Throws a PlainFailure with the compiler's last lines. One build runs at a time on a machine, however
 * many labs are started.
 */
export async function ensureGoProgram(program: GoProgram): Promise<string> {
  const folder = `lab-${program.name}-${program.version}`;
  const whole = path.join(cacheFolder(), folder);
  if (await exists(whole)) return whole;
  const lock = path.join(cacheFolder(), 'lab-build.lock');
  return withFileLock(lock, 'Another build is running on this machine; waiting for it.', () =>
    makeOnce(folder, (part) =>
      step(`${program.name} ${program.version} (built from its Go module)`, () => build(program, part)),
    ),
  );
}

/** A Go module in the module cache, downloaded when it is not there yet. */
export interface GoModule {
  /** The folder of its sources: read-only. */
  readonly folder: string;
  /** The text of its go.mod. */
  readonly goMod: string;
}

/** Finds `module` at `version` in Go's module cache; throws a PlainFailure when the proxy cannot be reached. */
export async function fetchGoModule(module: string, version: string): Promise<GoModule> {
  const output = await runGo(['mod', 'download', '-json', `${module}@${version}`]);
  const { Dir, GoMod } = JSON.parse(output) as { Dir: string; GoMod: string };
  return { folder: Dir, goMod: await readFile(GoMod, 'utf8') };
}

/** Why nothing can be built here, or undefined when Go is there. */
export function missingGo(): string | undefined {
  return onPath('go')
    ? undefined
    : 'Go (https://go.dev/doc/install) is not on PATH: the lab builds its servers with it.';
}

async function build({ version, files, packages, ldflags, outputs }: GoProgram, part: string): Promise<void> {
  const flags = ['-trimpath', '-buildvcs=false', ...(ldflags === undefined ? [] : ['-ldflags', ldflags])];
  const source = path.join(part, 'source');
  const built = path.join(part, 'built');
  await mkdir(source);
  await mkdir(built);
  const wrapper = typeof files === 'function' ? await files() : isChanged(files) ? undefined : files;
  if (wrapper !== undefined && Object.keys(wrapper).length === 0) {
    await runGo(['install', ...flags, ...packages.map((one) => `${one}@${version}`)], {
      cwd: source,
      env: { GOBIN: built },
    });
  } else {
    if (wrapper === undefined) await copyChanged(files as ChangedModule, version, source);
    else await writeWrapper(wrapper, source);
    // One package may be called anything (`.` has no name of its own); several are named after their last part.
    const target = packages.length === 1 ? path.join(built, nameOf(packages[0])) : `${built}${path.sep}`;
    await runGo(['build', ...flags, '-o', target, ...packages], { cwd: source });
  }
  for (const [index, output] of outputs.entries()) {
    await rename(path.join(built, nameOf(packages[index])), path.join(part, output));
  }
  for (const folder of [source, built]) await rm(folder, { recursive: true, force: true });
}

const isChanged = (files: GoFiles | ChangedModule): files is ChangedModule =>
  typeof files['module'] === 'string';

async function writeWrapper(wrapper: GoFiles, source: string): Promise<void> {
  for (const [file, text] of Object.entries(wrapper)) {
    await mkdir(path.dirname(path.join(source, file)), { recursive: true });
    await writeFile(path.join(source, file), text);
  }
  await runGo(['mod', 'tidy'], { cwd: source });
}

/** Copies a module out of the module cache, where nothing may be written and no overlay is taken. */
async function copyChanged(
  { module, changes }: ChangedModule,
  version: string,
  source: string,
): Promise<void> {
  const { folder } = await fetchGoModule(module, version);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const copy = path.join(source, path.relative(folder, file));
    await mkdir(path.dirname(copy), { recursive: true });
    await writeFile(copy, await readFile(file));
  }
  for (const { file, from, to } of changes) {
    const parts = (await readFile(path.join(source, file), 'utf8')).split(from);
    if (parts.length !== 2) throw new PlainFailure(`${module} ${version} has changed: ${file} does not fit.`);
    await writeFile(path.join(source, file), parts.join(to));
  }
}

const nameOf = (goPackage = '.') => (goPackage === '.' ? 'main' : path.posix.basename(goPackage));

async function runGo(
  args: readonly string[],
  { cwd, env }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const go = onPath('go');
  if (!go) throw new PlainFailure(missingGo());
  const nice = onPath('nice');
  const [command, before] = nice ? [nice, ['-n', '10', go]] : [go, []];
  return runQuietly(command, [...before, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=mod', ...env },
    advice: 'Nothing was left behind. Check that Go can reach its module proxy and run the command again.',
  });
}
