import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { close, listen } from './listen.ts';
import type { Outside, RunningOutside } from './outside.ts';
import { startOutside } from './outside.ts';
import type { ScenarioName } from './scenario/scenario.ts';
import { scenarios } from './scenario/scenario.ts';
import type { Release } from './state/applications.ts';
import type { Databases } from './state/databases.ts';
import { advanceDatabases, createDatabases } from './state/databases.ts';
import { tick } from './state/tick.ts';
import type { World } from './state/world.ts';
import { setSpeed } from './state/world.ts';
import { createFlagServer } from './systems/flags/flagServer.ts';
import type { FlagStore } from './systems/flags/flagStore.ts';
import { createFlagStore } from './systems/flags/flagStore.ts';
import { argoCdTokens, createArgoCdServer } from './systems/argocd/argoCdServer.ts';
import { createIngressServer } from './systems/ingress/ingressServer.ts';
import { createApiServer } from './systems/kubernetes/apiServer.ts';
import type { KubeconfigContext } from './systems/kubernetes/kubeconfig.ts';
import { kubeconfigMarker, renderKubeconfig } from './systems/kubernetes/kubeconfig.ts';
import { createRdsServer } from './systems/rds/rdsServer.ts';

/** One request the simulated Kubernetes API received; `path` has the query, `at` is RFC 3339 in UTC. */
export interface SimulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly at: string;
}

export interface Simulator {
  /** Base URL of the simulated Kubernetes API. */
  readonly url: string;
  /** Base URL of the simulated ingress: `/SERVICE/health`, or by Host header. */
  readonly services: string;
  /** Base URL of the simulated feature flag services: a generic one, Unleash's and LaunchDarkly's API on one port. */
  readonly flagService: string;
  /** Their token, their flags, and what they were asked. */
  readonly flags: FlagStore;
  /** Base URL of the simulated Amazon RDS: an endpoint for the AWS CLI and SDKs, region eu-central-1, any key. */
  readonly rds: string;
  /** The state behind it: statuses and faults may be set. */
  readonly databases: Databases;
  /** The simulated Argo CD. */
  readonly argoCd: {
    /** Base URL of its API. */
    readonly url: string;
    /** Tokens of an account that may change apps, and of one that may only look. */
    readonly tokens: typeof argoCdTokens;
    /** What it was asked, oldest first; the last ten thousand. */
    readonly requests: readonly SimulatedRequest[];
    /** The commits of an app, oldest first. */
    releases(app: string): readonly Release[];
  };
  /** The services of others that an incident reaches: Slack, a ticket system and so on. */
  readonly outside: Outside;
  readonly kubeconfigFile: string;
  /** What the Kubernetes API was asked, oldest first; the last ten thousand. */
  readonly requests: readonly SimulatedRequest[];
  /** Moves the simulated production ahead by this many ms, at once. */
  advance(ms: number): void;
  /** Ends servers, streams and timers. The kubeconfig stays: it belongs to whoever named its place. */
  dispose(): Promise<void>;
}

export interface SimulatorOptions {
  /** Where to write the kubeconfig (mode 0600). A file the simulator has not written is never replaced. */
  readonly kubeconfigFile: string;
  readonly scenario?: ScenarioName;
  /** Port of the Kubernetes API; 0 or absent picks a free one. */
  readonly port?: number;
  readonly now?: () => Date;
  /** How much faster than a real cluster's the kubelet's timers run; 20 unless told otherwise. */
  readonly speed?: number;
  /** How often time goes on by itself, in ms; 0 means only requests and `advance` move it. */
  readonly tickEveryMs?: number;
  /** Further contexts for the kubeconfig, to prove that a client takes the right one. */
  readonly contexts?: readonly KubeconfigContext[];
  /** The kubeconfig's current context; `simulated-production` unless told otherwise. */
  readonly currentContext?: string;
  readonly signal?: AbortSignal;
}

const requestsKept = 10_000;

/** Writes the whole file or nothing; throws when a file of someone else's lies there. */
async function writeKubeconfig(file: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return '';
    throw thrown;
  });
  if (before !== '' && !before.startsWith(kubeconfigMarker)) {
    throw new Error(
      `${file} was not written by the simulator, so it was left as it is. Name another file for the simulated production's kubeconfig.`,
    );
  }
  const fresh = `${file}.${randomUUID()}`;
  try {
    await writeFile(fresh, text, { mode: 0o600, flag: 'wx' });
    await rename(fresh, file);
  } catch (thrown) {
    await rm(fresh, { force: true });
    throw thrown;
  }
}

/**
 * Starts a simulated production on 127.0.0.1: a Kubernetes API, an ingress, and a kubeconfig whose context
 * `simulated-production` leads there. Rejects when a port is taken, the kubeconfig cannot be written, or the
 * signal has already been aborted; a later abort ends it.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  options.signal?.throwIfAborted();
  const clock = options.now ?? (() => new Date());
  let ahead = 0;
  const present = (): number => clock().getTime() + ahead;
  const world: World = scenarios[options.scenario ?? 'payment-overload'](present());
  setSpeed(world, options.speed ?? 20);

  const ticks = new Set<() => void>();
  const toPresent = (): World => {
    tick(world, present());
    return world;
  };
  const goOn = (): void => {
    toPresent();
    for (const listener of [...ticks]) listener();
  };
  const requests: SimulatedRequest[] = [];
  const api = createApiServer({
    world: toPresent,
    onTick: (listener) => {
      ticks.add(listener);
      return () => ticks.delete(listener);
    },
    onRequest: (method, path) => {
      requests.push({ method, path, at: new Date(present()).toISOString() });
      if (requests.length > requestsKept) requests.shift();
    },
  });
  const ingress = createIngressServer(toPresent);
  const flags = createFlagStore(present);
  const flagServer = createFlagServer(flags);
  const releases = (app: string): readonly Release[] => world.gitOps.releases.get(app) ?? [];
  const argoCdRequests: SimulatedRequest[] = [];
  const argoCdServer = createArgoCdServer({
    world: toPresent,
    onRequest: (method, path) => {
      argoCdRequests.push({ method, path, at: new Date(present()).toISOString() });
      if (argoCdRequests.length > requestsKept) argoCdRequests.shift();
    },
  });
  const databases = createDatabases(present(), options.speed ?? 20);
  const rdsServer = createRdsServer({
    present: () => {
      advanceDatabases(databases, present());
      return databases;
    },
  });

  let around: RunningOutside | undefined;
  let timer: NodeJS.Timeout | undefined;
  let disposed: Promise<void> | undefined;
  const dispose = (): Promise<void> => {
    disposed ??= (async () => {
      clearInterval(timer);
      options.signal?.removeEventListener('abort', onAbort);
      api.dispose();
      await Promise.all([
        close(api.server),
        close(ingress),
        close(flagServer),
        close(rdsServer),
        close(argoCdServer),
        around?.dispose(),
      ]);
    })();
    return disposed;
  };
  const onAbort = (): void => void dispose();

  try {
    const url = await listen(api.server, options.port ?? 0);
    const services = await listen(ingress, 0);
    const flagService = await listen(flagServer, 0);
    const rds = await listen(rdsServer, 0);
    const argoCdUrl = await listen(argoCdServer, 0);
    around = await startOutside(present, toPresent);
    const own: KubeconfigContext = { name: 'simulated-production', server: url, namespace: 'production' };
    const text = renderKubeconfig([own, ...(options.contexts ?? [])], options.currentContext ?? own.name);
    await writeKubeconfig(options.kubeconfigFile, text);
    options.signal?.throwIfAborted();
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const every = options.tickEveryMs ?? 250;
    if (every > 0) {
      timer = setInterval(goOn, every);
      timer.unref();
    }
    return {
      url,
      services,
      flagService,
      flags,
      rds,
      databases,
      argoCd: { url: argoCdUrl, tokens: argoCdTokens, requests: argoCdRequests, releases },
      outside: around.outside,
      kubeconfigFile: options.kubeconfigFile,
      requests,
      advance: (ms) => {
        ahead += ms;
        goOn();
      },
      dispose,
    };
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
}
