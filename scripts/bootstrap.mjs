// Makes sure of Node 24 and of the packages, then runs a script of the project with both:
//   node scripts/bootstrap.mjs scripts/check.ts [arguments]
// Every script in package.json goes through here, so that each works as the first command after a clone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  exists,
  fail,
  makeOnce,
  nodePackage,
  npmCommand,
  PlainFailure,
  root,
  runQuietly,
  step,
  withPath,
} from './cache.mjs';

const wantedMajor = 24;
const lock = path.join(root, 'package-lock.json');
const stamp = path.join(root, 'node_modules', '.incident-stamp');

/** The path of a Node 24: this one, or the one npm carries for this platform. */
async function findNode() {
  if (Number.parseInt(process.versions.node, 10) === wantedMajor) return process.execPath;
  const name = `node-${wantedMajor}-${process.platform}-${process.arch}`;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    const folder = await makeOnce(name, (part) =>
      step(`Node ${wantedMajor} from npm`, async () => {
        const [npm, args] = npmCommand();
        const wanted = `${nodePackage()}@${wantedMajor}`;
        const flags = [
          '--ignore-scripts',
          '--loglevel=error',
          '--no-save',
          '--no-audit',
          '--no-fund',
          '--prefix',
          part,
        ];
        await runQuietly(npm, [...args, 'install', ...flags, wanted], { cwd: part });
        await runQuietly(path.join(part, 'node_modules', nodePackage(), 'bin', program), ['--version']);
      }),
    );
    return path.join(folder, 'node_modules', nodePackage(), 'bin', program);
  } catch (error) {
    // The scripts are TypeScript, which Node runs as it is from 22.18 and 23.6 on.
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (major > wantedMajor || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) {
      process.stderr.write(`Going on with this machine's Node ${process.versions.node}.\n`);
      return process.execPath;
    }
    throw new PlainFailure(
      `${error.message}\nThis machine has Node ${process.versions.node} and the project needs ${wantedMajor}. ` +
        `Check that npm can reach its registry, or install Node ${wantedMajor} from https://nodejs.org, and run the command again.`,
    );
  }
}

/** Installs node_modules exactly as package-lock.json says, unless that is what is there. */
async function ensurePackages(node) {
  const lockText = await readFile(lock, 'utf8');
  const mark = createHash('sha256').update(`${os.platform()} ${os.arch()} ${lockText}`).digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === mark) return;
  if (!(await installedMatches(JSON.parse(lockText)))) {
    const [npm, args] = npmCommand(node);
    const env = withPath(path.dirname(node));
    const advice =
      'Nothing of yours was changed. Check that npm can reach its registry and run the command again.';
    await step('Packages from npm', () =>
      runQuietly(npm, [...args, 'ci', '--ignore-scripts', '--loglevel=error'], { cwd: root, env, advice }),
    );
    // esbuild's program comes as an optional package; its install script is needed only where that one is missing.
    const works = await runQuietly(node, ['-e', "require('esbuild').transformSync('')"], { cwd: root }).then(
      () => true,
      () => false,
    );
    if (!works) {
      await step('esbuild', () =>
        runQuietly(npm, [...args, 'rebuild', 'esbuild', '--loglevel=error'], { cwd: root, env, advice }),
      );
    }
  }
  await writeFile(stamp, mark);
}

/** Whether npm's own record of what it installed, written last, agrees with the lock file. */
async function installedMatches(wanted) {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!(await exists(record))) return false;
  const installed = JSON.parse(await readFile(record, 'utf8')).packages ?? {};
  const packages = Object.entries(wanted.packages).filter(([name]) => name !== '');
  const known = new Set(packages.map(([name]) => name));
  return (
    packages.every(([name, { version, optional, link }]) =>
      installed[name] ? link || installed[name].version === version : optional === true,
    ) && Object.keys(installed).every((name) => known.has(name))
  );
}

/** Runs the script with Node 24 first on PATH; its exit code or signal becomes ours. */
function runScript(node, script, args) {
  const env = withPath(path.dirname(node), path.join(root, 'node_modules', '.bin'));
  // The channel tells the script when this process is gone, however it went.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(node, [path.resolve(root, script), ...args], { env, stdio });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(new PlainFailure(`${node} could not be started: ${error.message}`)));
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(code ?? 1);
    }
  });
}

try {
  const [script, ...args] = process.argv.slice(2);
  if (!script) throw new PlainFailure('Usage: node scripts/bootstrap.mjs SCRIPT [arguments]');
  const node = await findNode();
  await ensurePackages(node);
  runScript(node, script, args);
} catch (error) {
  fail(error);
}
