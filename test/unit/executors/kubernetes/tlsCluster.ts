import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { KubernetesExecutor } from '../../../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { CollectedOutput } from '../collectOutput.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';
import type { ContextEntry } from './kubernetesFixtures.ts';
import { get, kubernetesPlan, podList, writeKubeconfig } from './kubernetesFixtures.ts';

/** VS Code drops client certificates for every host but localhost; this address is loopback and is not localhost. */
export const host = '127.0.0.2';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers every request with one pod. */
export const pods: Handler = (_request, response) => void response.end(JSON.stringify(podList('pay-1')));

/** Real servers with real certificates, and executors whose kubeconfig leads to them. */
export interface TlsCluster {
  readonly folder: string;
  file(name: string): string;
  /** Undone after each test, last first. */
  readonly cleanUp: (() => unknown)[];
  listen(server: Server, address?: string): Promise<number>;
  startTls(handler: Handler, options?: Record<string, unknown>): Promise<string>;
  startPlain(handler: Handler): Promise<string>;
  executor(
    contexts: readonly ContextEntry[],
    options?: {
      readonly current?: string;
      readonly env?: Record<string, string>;
      readonly timeoutMs?: number;
    },
  ): KubernetesExecutor;
  getPods(
    made: KubernetesExecutor,
    signal?: AbortSignal,
  ): Promise<{ readonly outcome: Outcome; readonly output: CollectedOutput; readonly message: string }>;
  /** The cluster entry that trusts the test authority. */
  trusted(): Record<string, unknown>;
  /** The user entry with the client certificate. */
  certificate(): Record<string, unknown>;
}

/** Registers the hooks of this suite; what is returned is valid inside its tests. */
export function useTlsCluster(): TlsCluster {
  let folder: string;
  const cleanUp: (() => unknown)[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'transport-'));
    makeCertificates(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
  });

  const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const base64 = (name: string): string => readFileSync(join(folder, name)).toString('base64');

  async function listen(server: Server, address = host): Promise<number> {
    await once(server.listen(0, address), 'listening');
    cleanUp.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return (server.address() as AddressInfo).port;
  }
  const startTls = async (handler: Handler, options: Record<string, unknown> = {}): Promise<string> => {
    const keys = { key: file('server.key'), cert: file('server.crt'), ca: file('ca.crt') };
    const server = createHttpsServer(
      { ...keys, requestCert: true, rejectUnauthorized: false, ...options },
      handler,
    );
    return `https://${host}:${await listen(server)}`;
  };
  const startPlain = async (handler: Handler): Promise<string> =>
    `http://${host}:${await listen(createHttpServer(handler))}`;

  function executor(
    contexts: readonly ContextEntry[],
    options: { current?: string; env?: Record<string, string>; timeoutMs?: number } = {},
  ): KubernetesExecutor {
    const path = writeKubeconfig(folder, contexts, options.current);
    const made = createKubernetesExecutor({
      loadKubeconfig: () => loadKubeconfig({ paths: [path] }),
      env: () => ({ PATH: process.env['PATH'], ...options.env }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    });
    cleanUp.push(() => made.dispose());
    return made;
  }
  const getPods = async (made: KubernetesExecutor, signal = untilDone()) => {
    const output = collectOutput();
    const outcome = await made.run(kubernetesPlan(get(['pods'])), output, signal);
    return { outcome, output, message: outcome.kind === 'failed' ? outcome.message : '' };
  };
  const trusted = () => ({ 'certificate-authority-data': base64('ca.crt') });
  const certificate = () => ({
    'client-certificate-data': base64('client.crt'),
    'client-key-data': base64('client.key'),
  });

  return {
    get folder() {
      return folder;
    },
    file,
    cleanUp,
    listen,
    startTls,
    startPlain,
    executor,
    getPods,
    trusted,
    certificate,
  };
}

/** A certificate authority, a server at `host`, one by name alone, and a client; made by openssl at test time. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
  );
  const issue = (name: string, commonName: string, extension: string) => {
    writeFileSync(join(folder, `${name}.ext`), extension);
    openssl(
      'req',
      '-new',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${commonName}`,
    );
    const signed = [
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
    ];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signed);
  };
  issue('server', 'server', `subjectAltName=IP:${host}`);
  issue('named', 'named', 'subjectAltName=DNS:api.cluster.example');
  issue('client', 'responder', 'extendedKeyUsage=clientAuth');
}
