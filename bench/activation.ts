import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildHostTests, buildProject } from '../scripts/build.ts';
import { root } from '../scripts/cache.mjs';
import { measured, median, type Measurement } from './measurement.ts';

const ours = 'incident-response.incident-response';
const trivial = 'incident-bench.trivial';
const samples = 5;

/**
 * Times the activation of what ships in a real editor, beside an extension that does nothing. Each sample has a fresh
 * server and an empty folder; the two take turns in being first.
 */
export async function benchActivation(): Promise<Measurement[]> {
  await buildHostTests();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'incident-bench-'));
  try {
    const shipped = path.join(folder, 'shipped');
    await buildProject({ production: true, into: shipped });
    for (const part of ['package.json', 'media']) {
      await cp(path.join(root, part), path.join(shipped, part), { recursive: true });
    }
    const times: Record<string, number[]> = { [ours]: [], [trivial]: [] };
    for (let sample = 0; sample < samples; sample += 1) {
      const order = sample % 2 === 0 ? [ours, trivial] : [trivial, ours];
      const taken = await takeSample(folder, shipped, order);
      for (const id of order) times[id]?.push(taken[id] ?? Number.NaN);
    }
    const [mine, peer] = [times[ours] ?? [], times[trivial] ?? []];
    const spread = `${Math.min(...mine).toFixed(1)} to ${Math.max(...mine).toFixed(1)} ms`;
    console.error(`activation: ${samples} samples, ${spread}`);
    return [measured('activation', 'ms', median(mine), median(peer), 'an extension that does nothing')];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function takeSample(folder: string, shipped: string, order: string[]): Promise<Record<string, number>> {
  const workspace = await mkdtemp(path.join(folder, 'workspace-'));
  const extensions = await mkdtemp(path.join(folder, 'extensions-'));
  await writeTrivialExtension(path.join(extensions, `${trivial}-1.0.0`));
  const result = path.join(workspace, '..', `${path.basename(workspace)}.json`);
  const launcher = path.join(root, 'test/editor/runner/launcher.ts');
  const args = [`--extensionDevelopmentPath=${shipped}`, '--disable-workspace-trust'];
  args.push(`--extensionTestsPath=${path.join(root, 'out/bench/activationProbe.cjs')}`);
  const child = spawn(process.execPath, [launcher, workspace, ...args], {
    env: {
      ...process.env,
      INCIDENT_PROBE: order.join(','),
      INCIDENT_PROBE_FILE: result,
      INCIDENT_EXTENSIONS: extensions,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The editor could not time the activation:\n${errors}`);
  return JSON.parse(await readFile(result, 'utf8')) as Record<string, number>;
}

async function writeTrivialExtension(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [publisher, name] = trivial.split('.');
  const manifest = { publisher, name, version: '1.0.0', engines: { vscode: '^1.125.0' }, main: './main.js' };
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ ...manifest, activationEvents: ['onCommand:trivial.never'] }),
  );
  await writeFile(path.join(folder, 'main.js'), 'exports.activate = () => {};\n');
}
