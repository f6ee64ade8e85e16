import { type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { PlainFailure, root } from './cache.mjs';
import { endTree, spawnLeashed } from './leash.ts';

export interface RunningSimulator {
  readonly kubeconfig: string;
  /** The JSON line it printed when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts the built simulated production; ready when this resolves. It writes `kubeconfig` and touches no other. */
export async function startSimulator(
  kubeconfig: string,
  args: readonly string[] = [],
): Promise<RunningSimulator> {
  const program = path.join(root, 'dist/simulator.cjs');
  const child = spawnLeashed(process.execPath, [program, '--kubeconfig', kubeconfig, ...args]);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  try {
    const ready = await firstLine(child, () => errors);
    return { kubeconfig, ready, child, stop: () => endTree(child) };
  } catch (error) {
    await endTree(child);
    throw error;
  }
}

function firstLine(child: ChildProcess, errors: () => string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    let text = '';
    const give = (why: string) =>
      reject(new PlainFailure(`The simulated production did not start: ${why}.\n${text}${errors()}`.trim()));
    const timer = setTimeout(() => give('nothing was printed within 30 s'), 30_000);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      give(`it ended with ${code ?? signal}`);
    });
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const line = text.split('\n').slice(0, -1)[0];
      if (line === undefined) return;
      clearTimeout(timer);
      try {
        resolve(JSON.parse(line) as Record<string, unknown>);
      } catch {
        give('its first line is not JSON');
      }
    });
  });
}
