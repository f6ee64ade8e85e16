import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { KubernetesAction } from '../src/core/plan/kubectl/kubernetesAction.ts';
import type { RunIo } from '../src/core/ports.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
  type KubernetesExecutor,
} from '../src/executors/kubernetes/kubernetesExecutor.ts';
import { readLab } from '../test/lab/labDescription.ts';
import {
  describeObjects,
  get,
  kubernetesPlan,
  logs,
  scale,
} from '../test/unit/executors/kubernetes/kubernetesFixtures.ts';
import { measured, median, type Measurement } from './measurement.ts';

const few = { namespace: 'bench', name: 'twenty', pods: 20, linesEach: 5000 } as const;
const many = { namespace: 'bench-many', name: 'five-hundred', pods: 500 } as const;
const namespaces = [few.namespace, many.namespace];

/** What one command took, in ms, and what it printed. */
interface Sample {
  readonly ms: number;
  readonly firstMs: number;
  readonly stdout: string;
}

/** The two that are compared, each against the same server with the same credentials. */
interface Rivals {
  kubectl(...args: readonly string[]): Promise<Sample>;
  ours(action: KubernetesAction, namespace: string): Promise<Sample>;
}

/**
 * Our executor with its connections kept, as in the editor, against a process of the lab's kubectl for each command;
 * samples of both sides are taken in turn, the figures are medians. Without a lab it says so and measures nothing.
 */
export async function benchKubernetes(): Promise<Measurement[]> {
  if (!process.env['INCIDENT_LAB']) {
    process.stderr.write(
      'kubernetes: not measured, the lab is not up. `npm run lab -- up`, then name its description in INCIDENT_LAB.\n',
    );
    return [];
  }
  const { kubernetes: lab } = await readLab('kubernetes');
  const folder = mkdtempSync(join(tmpdir(), 'incident-bench-'));
  const kubeconfig = { file: lab.kubeconfigs.admin, context: lab.contexts.production };
  const direct = createRivals(lab.kubectl, kubeconfig, folder);
  try {
    await createPods(direct, folder);
    return [
      ...(await benchReads(direct)),
      ...(await benchLogs(direct)),
      await benchScale(direct),
      await countConnections(lab.kubectl, kubeconfig, lab.server, folder),
    ];
  } finally {
    await direct.kubectl('delete', 'namespace', ...namespaces, '--ignore-not-found');
    for (const namespace of namespaces)
      rmSync(join(lab.podLogs, namespace), { recursive: true, force: true });
    await direct.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

function createRivals(
  kubectl: string,
  { file, context }: { readonly file: string; readonly context: string },
  home: string,
): Rivals & { dispose(): Promise<void> } {
  const executor = createExecutor(file);
  return {
    kubectl: (...args) => runKubectl(kubectl, ['--context', context, ...args], file, home),
    ours: (action, namespace) => runOurs(executor, action, { context, namespace }),
    dispose: () => executor.dispose(),
  };
}

const createExecutor = (file: string): KubernetesExecutor =>
  createKubernetesExecutor({ loadKubeconfig: () => loadKubeconfig({ paths: [file] }) });

async function runKubectl(
  file: string,
  args: readonly string[],
  kubeconfig: string,
  home: string,
): Promise<Sample> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig };
  const started = performance.now();
  let firstMs = Number.NaN;
  const parts: string[] = [];
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (parts.length === 0) firstMs = performance.now() - started;
    parts.push(text);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return { ms, firstMs, stdout: parts.join('') };
}

async function runOurs(
  executor: KubernetesExecutor,
  action: KubernetesAction,
  target: { readonly context: string; readonly namespace: string },
): Promise<Sample> {
  let firstMs = Number.NaN;
  const parts: string[] = [];
  const io: RunIo = {
    write(text, stream) {
      if (stream !== 'stdout') return;
      if (parts.length === 0) firstMs = performance.now() - started;
      parts.push(text);
    },
  };
  const started = performance.now();
  const outcome = await executor.run(kubernetesPlan(action, { target }), io, new AbortController().signal);
  const ms = performance.now() - started;
  if (outcome.kind !== 'succeeded') throw new Error(`${action.verb}: ${JSON.stringify(outcome)}`);
  return { ms, firstMs, stdout: parts.join('') };
}

/** 20 pods with 5,000 log lines each, and 500 pods in a namespace of their own. */
async function createPods({ kubectl }: Rivals, folder: string): Promise<void> {
  await kubectl('delete', 'namespace', ...namespaces, '--ignore-not-found');
  const file = join(folder, 'pods.json');
  const items = [
    ...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    deployment(few, { 'incident.lab/log-lines': String(few.linesEach) }),
    deployment(many, { 'incident.lab/log-lines': '10' }),
  ];
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await kubectl('create', '-f', file);
  for (const { name, namespace } of [few, many])
    await kubectl('rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=180s');
  // Their logs are written a moment after they have started.
  for (;;) {
    const { stdout } = await kubectl('logs', '-n', few.namespace, '-l', `app=${few.name}`, '--tail=-1');
    if (countLines(stdout) === few.pods * few.linesEach) return;
    await wait(500);
  }
}

const deployment = (
  { name, namespace, pods }: { readonly name: string; readonly namespace: string; readonly pods: number },
  annotations: Readonly<Record<string, string>>,
) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas: pods,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name }, annotations },
      spec: { containers: [{ name: 'app', image: 'registry.example.com/bench:1.0.0' }] },
    },
  },
});

interface Samples {
  readonly ours: readonly Sample[];
  readonly peer: readonly Sample[];
}

/** Takes turns; what each printed must be the same but for ages, else the figures compare two different things. */
async function compare(
  rounds: number,
  ours: () => Promise<Sample>,
  peer: () => Promise<Sample>,
  same: (text: string) => string = words,
): Promise<Samples> {
  const samples: { ours: Sample[]; peer: Sample[] } = { ours: [], peer: [] };
  await ours();
  for (let round = 0; round < rounds; round += 1) {
    const [mine, theirs] = [await ours(), await peer()];
    if (same(mine.stdout) !== same(theirs.stdout)) {
      throw new Error(
        `kubectl printed something else:\n${theirs.stdout.slice(0, 2000)}\n${mine.stdout.slice(0, 2000)}`,
      );
    }
    samples.ours.push(mine);
    samples.peer.push(theirs);
  }
  return samples;
}

/** Ages and the width of their columns go on while one waits for the other. */
const words = (text: string): string => text.replace(/\b\d+(m\d+s|s|m|h)\b/g, 'AGE').replace(/[ \t]+/g, ' ');
const countLines = (text: string): number => text.split('\n').length - 1;
const medianOf = (samples: readonly Sample[], of: (sample: Sample) => number): number =>
  median(samples.map(of));
const line = (name: string, { ours, peer }: Samples, peerName: string): Measurement =>
  measured(
    name,
    'ms',
    medianOf(ours, ({ ms }) => ms),
    medianOf(peer, ({ ms }) => ms),
    peerName,
  );

async function benchReads({ kubectl, ours }: Rivals): Promise<Measurement[]> {
  const lines: Measurement[] = [];
  for (const { namespace, pods } of [few, many]) {
    const samples = await compare(
      15,
      () => ours(get(['pods']), namespace),
      () => kubectl('get', 'pods', '-n', namespace),
    );
    lines.push(line(`get of ${pods} pods`, samples, 'kubectl get'));
  }
  const [pod = ''] = (await kubectl('get', 'pods', '-n', few.namespace, '-o', 'name')).stdout.split('\n');
  const name = pod.replace('pod/', '');
  const described = await compare(
    10,
    () => ours(describeObjects(['pod'], [name]), few.namespace),
    () => kubectl('describe', 'pod', name, '-n', few.namespace),
    (text) => /^Name:\s+\S+/.exec(text)?.[0] ?? text,
  );
  return [...lines, line('describe of a pod', described, 'kubectl describe')];
}

async function benchLogs({ kubectl, ours }: Rivals): Promise<Measurement[]> {
  const selector = `app=${few.name}`;
  const samples = await compare(
    5,
    () => ours(logs({ selector }), few.namespace),
    () => kubectl('logs', '-n', few.namespace, '-l', selector, '--tail=-1'),
    (text) => String(countLines(text)),
  );
  const total = few.pods * few.linesEach;
  if (samples.ours.some(({ stdout }) => countLines(stdout) !== total))
    throw new Error('The logs are not whole.');
  const title = `logs of ${few.pods} pods, ${total.toLocaleString('en-US')} lines`;
  return [
    line(title, samples, 'kubectl logs -l … --tail=-1'),
    measured(
      `${title}: first line`,
      'ms',
      medianOf(samples.ours, ({ firstMs }) => firstMs),
      medianOf(samples.peer, ({ firstMs }) => firstMs),
      'its first line',
    ),
  ];
}

/** From 20 to 25 and back, each time until all are available. */
async function benchScale({ kubectl, ours }: Rivals): Promise<Measurement> {
  const resource = `deployment/${few.name}`;
  const theirs = async (replicas: number): Promise<Sample> => {
    const started = performance.now();
    const { firstMs } = await kubectl('scale', resource, '-n', few.namespace, `--replicas=${replicas}`);
    const { stdout } = await kubectl('rollout', 'status', resource, '-n', few.namespace);
    return { ms: performance.now() - started, firstMs, stdout };
  };
  const mine = (replicas: number): Promise<Sample> =>
    ours(scale(few.name, replicas, { wait: { seconds: 60, required: true } }), few.namespace);
  const samples: { ours: Sample[]; peer: Sample[] } = { ours: [], peer: [] };
  for (let round = 0; round < 5; round += 1) {
    for (const [side, act] of [
      ['ours', mine],
      ['peer', theirs],
    ] as const) {
      samples[side].push(await act(few.pods + 5));
      await theirs(few.pods);
    }
  }
  return line('scale by 5 pods, until they are ready', samples, 'kubectl scale, then rollout status');
}

/** Connections to the API server for ten times get and the logs of 20 pods, all together. */
async function countConnections(
  kubectl: string,
  { file, context }: { readonly file: string; readonly context: string },
  server: string,
  folder: string,
): Promise<Measurement> {
  const count = async (use: (rivals: Rivals) => Promise<unknown>): Promise<number> => {
    const counter = await startCounter(server);
    const counted = join(folder, 'counted.kubeconfig');
    writeFileSync(counted, readFileSync(file, 'utf8').replaceAll(server, counter.url), { mode: 0o600 });
    const rivals = createRivals(kubectl, { file: counted, context }, folder);
    await use(rivals);
    await rivals.dispose();
    await counter.dispose();
    return counter.connections();
  };
  const selector = `app=${few.name}`;
  const ours = await count(async (rivals) => {
    for (let round = 0; round < 10; round += 1) await rivals.ours(get(['pods']), few.namespace);
    await rivals.ours(logs({ selector }), few.namespace);
  });
  const peer = await count(async (rivals) => {
    for (let round = 0; round < 10; round += 1) await rivals.kubectl('get', 'pods', '-n', few.namespace);
    await rivals.kubectl('logs', '-n', few.namespace, '-l', selector, '--tail=-1');
  });
  const what = `connections opened: 10 × get, logs of ${few.pods} pods`;
  return measured(what, 'connections', ours, peer, 'kubectl (HTTP/2)');
}

/** Passes bytes on to the server, under a port of its own; its certificate holds for the address all the same. */
async function startCounter(server: string) {
  const { hostname, port } = new URL(server);
  let connections = 0;
  const counter = createServer((client) => {
    connections += 1;
    const remote = connect(Number(port), hostname);
    client.pipe(remote).pipe(client);
    client.on('error', () => remote.destroy()).on('close', () => remote.destroy());
    remote.on('error', () => client.destroy()).on('close', () => client.destroy());
  });
  await once(counter.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `https://127.0.0.1:${(counter.address() as AddressInfo).port}`,
    connections: () => connections,
    dispose: async () => {
      const closed = once(counter, 'close');
      counter.close();
      await closed;
    },
  };
}
