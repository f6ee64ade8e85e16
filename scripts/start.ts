import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEditorServer, type EditorServer } from '../test/support/editorHost.ts';
import {
  editorAddress,
  openEditor,
  openSidebar,
  trustWorkspace,
  waitUntil,
} from '../test/support/editorPage.ts';
import { buildProject } from './build.ts';
import { fail, root, step } from './cache.mjs';
import { ensureChromium } from './chromium.ts';
import { ensureEditor } from './editorInstall.ts';
import { onPath } from './programs.ts';
import {
  outsideHint,
  outsideSettings,
  prepareSampleProduction,
  type SimulatedAddresses,
  type SimulatedOutside,
} from './sampleProduction.ts';
import { makeSampleWorkspace } from './sampleWorkspace.ts';
import { startSimulator } from './simulator.ts';

const extensionId = 'incident-response.incident-response';

/** What was started, undone in reverse order when the person ends it or something fails. */
const undo: (() => Promise<unknown>)[] = [];
let stopping: Promise<void> | undefined;

function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const work of undo.reverse()) await work().catch(fail);
  })();
  return stopping;
}

/** The folder opened and the simulated production behind it. */
async function prepare(): Promise<{
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What to tell the person of the simulated systems. */
  readonly hint: string;
}> {
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'incident-start-'));
  undo.push(() => rm(temporary, { recursive: true, force: true, maxRetries: 5 }));
  await step('Build', () => buildProject());
  const kubeconfig = path.join(temporary, 'kubeconfig');
  const simulator = await step('Simulated production', () => startSimulator(kubeconfig));
  undo.push(() => simulator.stop());
  const folder = path.join(temporary, 'incident-sample');
  const { rds, flagService } = simulator.ready as unknown as SimulatedAddresses;
  const { settings, env } = await prepareSampleProduction(path.join(temporary, 'aws'), { rds, flagService });
  const outside = simulator.ready['outside'] as SimulatedOutside;
  await step('Sample workspace', () =>
    makeSampleWorkspace(folder, kubeconfig, { ...settings, ...outsideSettings(outside) }),
  );
  const hint = `The simulated flag service takes the secret FLAG_TOKEN, "${String(simulator.ready['flagToken'])}": set it with Incident: Set Secret.\nTokens of the simulated services, for Incident: Connect…\n  ${outsideHint(outside)}`;
  return { folder, env, hint };
}

/** Opens the editor for a person and stays until they end it. */
async function startForPerson(): Promise<void> {
  const code = onPath('code');
  if (!code) await ensureEditor();
  const { folder, env, hint } = await prepare();
  console.log(hint);
  if (code) {
    const window = openDesktop(code, folder, env);
    console.log(`VS Code opens ${folder}. Close that window, or press Ctrl-C here, to end everything.`);
    await new Promise((resolve) => window.once('exit', resolve));
    await stop();
    process.exit(0);
  }
  const server = await step('Editor', () => startEditorServer({ workspaceTrust: true, env }));
  undo.push(() => server.dispose());
  console.log(`\nOpen this address in a browser:\n\n  ${editorAddress(server, { folder })}\n`);
  console.log('The folder opens in Restricted Mode: trust it to run steps. Ctrl-C here ends everything.');
}

function openDesktop(code: string, folder: string, env: Readonly<Record<string, string>>): ChildProcess {
  const args = ['--new-window', '--wait', `--extensionDevelopmentPath=${root}`, folder];
  const shell = process.platform === 'win32';
  return spawn(shell ? `"${code}"` : code, shell ? args.map((one) => `"${one}"`) : args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell,
  });
}

/** Does the same without a person and says, one line each, whether what they would see is there. */
async function startAndCheck(): Promise<boolean> {
  await ensureChromium();
  await ensureEditor();
  const { folder, env } = await prepare();
  const server = await step('Editor', () => startEditorServer({ workspaceTrust: true, env }));
  undo.push(() => server.dispose());
  const { browser, page } = await step('Window', () => openEditor(server, { folder }));
  undo.push(() => browser.close());
  const view = (title: string) => page.locator('.split-view-view', { hasText: title }).last();
  const checks: [string, () => Promise<void>][] = [
    ['the Incident view container opens', () => openSidebar(page, 'Incident')],
    ['the folder can be trusted', () => trustWorkspace(page)],
    [
      'the Incidents view says that no incident is open',
      () => view('Incidents').getByText('No incident is open').first().waitFor(),
    ],
    ['the Runbooks tree has drawn', () => view('Runbooks').getByRole('treeitem').first().waitFor()],
    ['the extension has activated without an error', () => activated(server)],
  ];
  let good = true;
  for (const [name, run] of checks) {
    try {
      await run();
      console.log(`ok   ${name}`);
    } catch (error) {
      good = false;
      console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return good;
}

/** Fails with what the extension host's log says about our activation, unless it says that it went well. */
async function activated(server: EditorServer): Promise<void> {
  const called = `_doActivateExtension ${extensionId}`;
  await waitUntil('the activation', async () => (await server.extensionHostLog()).includes(called));
  const log = await server.extensionHostLog();
  const failure = log.indexOf(`Activating extension ${extensionId} failed`);
  if (failure >= 0) throw new Error(log.slice(failure).split('\n').slice(0, 6).join('\n'));
}

/** Ctrl-C ends everything in order; so does the end of the bootstrap that started us. */
function stopOnSignals(): void {
  const leave = (code: number) => void stop().then(() => process.exit(code));
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));
  process.on('SIGHUP', () => leave(129));
  process.on('disconnect', () => leave(1));
}

stopOnSignals();
try {
  if (process.argv.includes('--check')) {
    const good = await startAndCheck();
    await stop();
    process.exit(good ? 0 : 1);
  }
  await startForPerson();
} catch (error) {
  await stop();
  fail(error);
  process.exit(1);
}
