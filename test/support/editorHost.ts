import { type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { editorServer, ensureEditor } from '../../scripts/editorInstall.ts';
import { endTree, getDescendants, spawnLeashed } from '../../scripts/leash.ts';

export interface EditorServerOptions {
  /** true: the person must trust a folder first, as in a real window; false: every folder is trusted. */
  readonly workspaceTrust: boolean;
  /** User settings, over the quiet ones every test starts from. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Over this process's environment, for the extension host too. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of installed extensions; an empty one unless given. */
  readonly extensions?: string;
}

export interface EditorServer {
  readonly url: string;
  readonly port: number;
  /** `--server-data-dir`: `data/User`, `data/Machine`, `data/logs` are below it. */
  readonly userDataDir: string;
  /** HOME of the editor and of everything it starts. */
  readonly home: string;
  /** What the server printed so far. */
  logs(): string;
  /** What the extension host wrote to its own log so far: activations and failures of extensions. */
  extensionHostLog(): Promise<string>;
  /** Sends the signal (SIGKILL unless given) to the server and all it started; resolves when they are gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** SIGKILL to the extension host alone, as a crash would; fails when none is running. */
  killExtensionHost(): Promise<void>;
  /** Ends everything and removes the temporary folders. */
  dispose(): Promise<void>;
}

/** An editor that shows nothing a test did not ask for, so that pictures are clean. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.layoutControl.enabled': false,
  'workbench.enableExperiments': false,
  'window.commandCenter': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'workbench.colorTheme': 'Light Modern',
  'window.autoDetectColorScheme': false,
  'editor.minimap.enabled': false,
  'workbench.reduceMotion': 'on',
};

/** Starts a real VS Code server with a home and data of its own; ready when this resolves. */
export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const server = editorServer(await ensureEditor());
  const home = await mkdtemp(path.join(os.tmpdir(), 'incident-editor-'));
  const userDataDir = path.join(home, 'data-dir');
  const port = await freePort();
  await mkdir(path.join(userDataDir, 'data', 'User'), { recursive: true });
  await writeFile(
    path.join(userDataDir, 'data', 'User', 'settings.json'),
    JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2),
  );
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  flags.push('--accept-server-license-terms', '--enable-smoke-test-driver', '--telemetry-level', 'off');
  flags.push('--server-data-dir', userDataDir);
  flags.push('--extensions-dir', options.extensions ?? path.join(home, 'extensions'));
  if (!options.workspaceTrust) flags.push('--disable-workspace-trust');
  const child = spawnLeashed(process.execPath, [server, ...flags], {
    cwd: home,
    env: { ...cleanEnvironment(), HOME: home, EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...options.env },
  });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(`${url}/version`, child, () => printed);
  } catch (error) {
    await endTree(child);
    await removeFolder(home);
    throw error;
  }
  return {
    url,
    port,
    userDataDir,
    home,
    logs: () => printed,
    extensionHostLog: () => readLogs(path.join(userDataDir, 'data', 'logs')),
    kill: (signal) => endTree(child, signal),
    killExtensionHost: () => killExtensionHost(child),
    dispose: async () => {
      await endTree(child);
      await removeFolder(home);
    },
  };
}

/** This process's environment without what would make the editor behave as if it ran inside another one. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL_FD$|npm_|XDG_)/.test(name),
  );
  return Object.fromEntries(kept);
}

/** A port that is free now, chosen by the system. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function answering(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The editor server ended before it answered.\n${printed()}`);
    }
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The editor server did not answer within a minute.\n${printed()}`);
}

async function killExtensionHost(child: ChildProcess): Promise<void> {
  const found = getDescendants(child.pid ?? -1).filter(({ command }) =>
    command.includes('--type=extensionHost'),
  );
  if (found.length === 0) throw new Error('No extension host is running.');
  for (const { id } of found) process.kill(id, 'SIGKILL');
  const alive = () => getDescendants(child.pid ?? -1).some(({ id }) => found.some((one) => one.id === id));
  while (alive()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function readLogs(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const logs = files.filter((file) => path.basename(file) === 'remoteexthost.log').sort();
  return (await Promise.all(logs.map((file) => readFile(path.join(folder, file), 'utf8')))).join('');
}

/** A process that is just ending may still write a file while its folder is removed. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
