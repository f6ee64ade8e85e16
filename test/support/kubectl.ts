import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The client's version as `[1, 33]`, or undefined for what does not answer `version --client`. */
export function kubectlVersion(file: string): readonly [number, number] | undefined {
  const { status, stdout } = spawnSync(file, ['version', '--client', '--output=json'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const [, major, minor] = /"gitVersion":\s*"v(\d+)\.(\d+)/.exec(status === 0 ? stdout : '') ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

function candidates(): string[] {
  const named = process.env['INCIDENT_KUBECTL'];
  if (named !== undefined && named !== '') return [named];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .map((folder) => join(folder, process.platform === 'win32' ? 'kubectl.exe' : 'kubectl'))
    .filter((file) => existsSync(file));
}

/**
 * A real kubectl: the file `INCIDENT_KUBECTL` names, else the first `kubectl` on PATH that answers
 * `version --client`. Undefined when there is none.
 */
export const findKubectl = (): string | undefined =>
  candidates().find((file) => kubectlVersion(file) !== undefined);

/**
 * A kubectl whose `exec` speaks WebSocket (1.30 and newer): `INCIDENT_KUBECTL`, else any on PATH. Older ones
 * speak SPDY only, which the simulator does not serve.
 */
export const findExecKubectl = (): string | undefined =>
  [...candidates(), ...(process.env['INCIDENT_KUBECTL_EXEC'] ?? '').split(delimiter)]
    .filter((file) => file !== '')
    .find((file) => {
      const [major, minor] = kubectlVersion(file) ?? [0, 0];
      return major > 1 || minor >= 30;
    });

/**
 * Runs kubectl with nothing of the person's: its own home, its own kubeconfig, no other environment than PATH.
 * A non-zero exit is a result, not an error. `until` ends a command that would go on for ever, once its output
 * satisfies it.
 */
export function runKubectl(
  file: string,
  args: readonly string[],
  options: { home: string; kubeconfig: string; until?: (stdout: string) => boolean },
): Promise<KubectlResult> {
  const env = {
    PATH: process.env['PATH'],
    HOME: options.home,
    USERPROFILE: options.home,
    KUBECONFIG: options.kubeconfig,
    KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'true',
  };
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let isEnough = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (isEnough || options.until?.(stdout) !== true) return;
      isEnough = true;
      child.kill();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === null && !isEnough) reject(new Error(`kubectl ${args.join(' ')} was ended from outside`));
      else resolve({ code: isEnough ? 0 : (code ?? 1), stdout, stderr });
    });
  });
}
