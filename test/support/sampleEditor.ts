import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { prepareSampleProduction } from '../../scripts/sampleProduction.ts';
import { makeSampleWorkspace } from '../../scripts/sampleWorkspace.ts';
import { verifyIncident, type Verification } from '../../src/journal/verifyIncident.ts';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { startEditorServer, type EditorServer } from './editorHost.ts';
import {
  answer,
  appears,
  openEditor,
  openSidebar,
  pick,
  runCommand,
  succeeds,
  treeItem,
  trustWorkspace,
  waitUntil,
} from './editorPage.ts';

/** The real editor on the sample workspace, with a simulated production of its own behind it. */
export interface SampleEditor {
  readonly page: Page;
  readonly server: EditorServer;
  readonly simulator: Simulator;
  /** The workspace folder. */
  readonly folder: string;
  /** Every journal line on disk, parsed. */
  journal(): readonly {
    readonly incident: string;
    readonly writer: string;
    readonly type: string;
    /** UTC ISO 8601. */
    readonly time: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
  /** What the events of a type say, in the order of the lines. */
  events(type: string): readonly Readonly<Record<string, unknown>>[];
  journalHas(type: string, atLeast?: number): Promise<void>;
  /** The saved output of the newest ended run, whole; empty while there is none. */
  lastOutput(): string;
  /** Each incident's folder on disk. */
  incidentFolders(): readonly string[];
  /** Checks every incident's chains, outputs and heads, as the product does. */
  verify(): Promise<readonly Verification[]>;
  /** Waits until the service answers 200 through the ingress. */
  healed(): Promise<void>;
  until(what: string, condition: () => boolean): Promise<void>;
  /** A second window on the same workspace and the same server. */
  openWindow(): Promise<{ browser: Browser; page: Page }>;
  dispose(): Promise<void>;
}

/**
 * Wide enough for sidebar and page side by side. A tree draws only the rows in sight: where nobody keeps the pictures the
 * window is high enough for every view to show its own.
 */
const viewport = { width: 1180, height: process.env['INCIDENT_PICTURES'] === undefined ? 1300 : 900 };

export interface SampleOptions {
  /** Done with the simulator before the workspace is written: to put fault proxies before its services. */
  readonly prepare?: (simulator: Simulator) => Promise<void>;
  /** false leaves the folder in Restricted Mode. */
  readonly trust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of the workspace: what VS Code reads from no user setting of a remote window. */
  readonly workspaceSettings?: (simulator: Simulator) => Readonly<Record<string, unknown>>;
  /** Over this process's environment, for the extension host too. */
  readonly env?: Readonly<Record<string, string>>;
  /** What `incident.kubeconfig` names in the workspace's settings; the simulator's own unless given. */
  readonly kubeconfig?: string;
  /** How far the simulated production's clock is behind this machine's, ms: `simulator.advance` brings it up to the present. */
  readonly behindMs?: number;
  /** More files of the workspace, by their path in it; written before the editor opens. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function openSampleEditor(options: SampleOptions = {}): Promise<SampleEditor> {
  const temp = await mkdtemp(path.join(os.tmpdir(), 'incident-sample-'));
  const { behindMs = 0 } = options;
  const simulator = await startSimulator({
    kubeconfigFile: path.join(temp, 'kubeconfig'),
    now: () => new Date(Date.now() - behindMs),
  });
  await options.prepare?.(simulator);
  const folder = path.join(temp, 'sample');
  const sample = await prepareSampleProduction(path.join(temp, 'aws'), simulator);
  const settings = { ...sample.settings, ...options.workspaceSettings?.(simulator) };
  await makeSampleWorkspace(folder, options.kubeconfig ?? simulator.kubeconfigFile, settings);
  for (const [file, text] of Object.entries(options.files ?? {})) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const server = await startEditorServer({
    workspaceTrust: true,
    settings: {
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
      ...options.settings,
    },
    env: { ...sample.env, ...options.env },
  });
  const { browser, page } = await openEditor(server, { folder, viewport });
  const extra: Browser[] = [];
  if (options.trust !== false) await trustWorkspace(page);
  const journalRoot = path.join(server.userDataDir, 'data', 'User', 'globalStorage');
  const files = (ending: string): readonly string[] => {
    try {
      return readdirSync(journalRoot, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(ending))
        .map((name) => path.join(journalRoot, name));
    } catch {
      return [];
    }
  };
  const incidentFolders = () => [...new Set(files('.jsonl').map((file) => path.dirname(file)))];
  const journal = () =>
    files('.jsonl')
      // Whole lines: the last one may be on its way to the disk.
      .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1))
      .filter(Boolean)
      .map(
        (line) =>
          JSON.parse(line) as {
            incident: string;
            writer: string;
            type: string;
            time: string;
            data: Record<string, unknown>;
          },
      );
  const events = (wanted: string) => journal().flatMap(({ type, data }) => (type === wanted ? [data] : []));
  const until = (what: string, condition: () => boolean): Promise<void> =>
    waitUntil(what, () => Promise.resolve(condition()));
  return {
    page,
    server,
    simulator,
    folder,
    journal,
    events,
    incidentFolders,
    verify: () => Promise.all(incidentFolders().map((one) => verifyIncident(one, path.basename(one)))),
    until,
    journalHas: (type, atLeast = 1) =>
      until(`${atLeast} ${type} in the journal`, () => events(type).length >= atLeast),
    lastOutput: () => {
      const ended = journal().findLast(
        ({ type, data }) => type === 'RunEnded' && data['output'] !== undefined,
      );
      const file = files('.log').find((name) => name.endsWith(`${String(ended?.data['run'])}.log`));
      return file === undefined ? '' : readFileSync(file, 'utf8');
    },
    healed: () =>
      waitUntil('payment-service to answer 200', async () => {
        const response = await fetch(`${simulator.services}/payment-service/health`);
        await response.body?.cancel();
        return response.status === 200;
      }),
    openWindow: async () => {
      const window = await openEditor(server, { folder, viewport });
      extra.push(window.browser);
      return window;
    },
    dispose: async () => {
      for (const one of [browser, ...extra]) await one.close();
      await server.dispose();
      await simulator.dispose();
      rmSync(temp, { recursive: true, force: true });
    },
  };
}

/** Declares a SEV2, unless told otherwise, through the palette, without a service unless one is named, on the target that matches. */
export async function declareIncident(
  page: Page,
  title: string,
  target: RegExp = /^simulated-production \/ production$/,
  service: string | RegExp = /Not known yet/,
  severity = 'SEV2',
): Promise<void> {
  await openSidebar(page, 'Incident');
  await runCommand(page, 'Incident: Declare');
  await answer(page, title, /1\/4/);
  await pick(page, severity);
  await pick(page, service);
  await pick(page, target);
  await treeItem(page, `${severity} ${title}`).waitFor();
}

/** Makes the simulated payment-service big enough for its load, as a change to the cluster that the incident knows nothing of. */
export async function scaleOut(sample: SampleEditor): Promise<void> {
  const { url } = sample.simulator;
  const patched = await fetch(`${url}/apis/apps/v1/namespaces/production/deployments/payment-service`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ spec: { replicas: 10 } }),
  });
  if (!patched.ok) throw new Error(`The simulator answered ${patched.status}.`);
  await sample.healed();
}

/** Waits for a message of the editor that says `text`, and clears all messages. */
export async function readMessage(page: Page, text: string | RegExp): Promise<void> {
  await showMessage(page, text);
  await runCommand(page, 'Notifications: Clear All Notifications');
}

/** Waits for a message of the editor that says `text`, and presses a button that only it has. */
export async function pressInMessage(page: Page, text: string | RegExp, button: string): Promise<void> {
  // A centre that closes in between is opened anew.
  await waitUntil(`the button "${button}" of the message ${text}`, async () => {
    await showMessage(page, text);
    const press = page.locator('.notifications-center').getByRole('button', { name: button });
    return succeeds(press.click({ timeout: 5_000 }));
  });
}

/** Messages are read in the notification centre: an editor under test shows no toasts. */
async function showMessage(page: Page, text: string | RegExp): Promise<void> {
  // The centre closes by itself when its last message goes, a progress that has ended say: then it is opened anew.
  await waitUntil(`a message that says ${text}`, async () => {
    await runCommand(page, 'Notifications: Show Notifications');
    // A long list stands where it was left, and draws only what is in sight: the newest are on top.
    await page.keyboard.press('Home');
    const message = page.locator('.notifications-center').getByText(text).first();
    return appears(message, 5_000);
  });
}
