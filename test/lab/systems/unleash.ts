import path from 'node:path';
import { PlainFailure, runQuietly } from '../../../scripts/cache.mjs';
import { ensureNpmProgram } from '../builds/npmProgram.ts';
import { freePort } from '../freePort.ts';
import { startProcess } from '../labProcess.ts';
import type { LabSystem } from '../labSystem.ts';
import { fetchStatus } from '../httpProbe.ts';

export interface UnleashDescription {
  /** The admin API is below `/api/admin`, the one applications ask below `/api/client`. */
  readonly url: string;
  /** Sent as the whole `Authorization` header, without "Bearer". */
  readonly adminToken: string;
  /** Reads flags of `environment` below `/api/client`; the admin API refuses it. */
  readonly clientToken: string;
  readonly project: string;
  readonly environment: string;
  /** On in `environment`. */
  readonly enabledFlag: string;
  /** Off in `environment`. */
  readonly disabledFlag: string;
}

const version = '8.2.0';
const project = 'default';
const environment = 'production';
const adminToken = '*:*.lab-admin-word';
const clientToken = `${project}:${environment}.lab-client-word`;
const enabledFlag = 'payment-new-provider';
const disabledFlag = 'checkout-fast-path';

const ensureUnleash = () => ensureNpmProgram('unleash-server', version);

/** A flag service: https://docs.getunleash.io/api-overview */
export const unleash: LabSystem<'unleash'> = {
  name: 'unleash',
  needs: ['postgresql'],
  build: ensureUnleash,
  start: async ({ folder, running: { postgresql } }) => {
    if (!postgresql) throw new PlainFailure('Unleash needs the PostgreSQL of the lab.');
    const program = path.join(await ensureUnleash(), 'dist', 'server.js');
    await runQuietly(path.join(postgresql.programs, 'dropdb'), ['--if-exists', 'unleash'], {
      env: { ...process.env, ...postgresql.env },
    });
    await runQuietly(path.join(postgresql.programs, 'createdb'), ['unleash'], {
      env: { ...process.env, ...postgresql.env },
    });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await startProcess({
      name: 'unleash',
      command: process.execPath,
      args: [program],
      env: {
        NODE_ENV: 'production',
        DATABASE_HOST: postgresql.host,
        DATABASE_PORT: String(postgresql.port),
        DATABASE_NAME: 'unleash',
        DATABASE_USERNAME: postgresql.user,
        DATABASE_PASSWORD: postgresql.password,
        DATABASE_SSL: 'false',
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: String(port),
        UNLEASH_URL: url,
        INIT_ADMIN_API_TOKENS: adminToken,
        INIT_BACKEND_API_TOKENS: clientToken,
        CHECK_VERSION: 'false',
        SEND_TELEMETRY: 'false',
      },
      folder,
      ready: async () => (await fetchStatus(`${url}/ready`)) === 200,
      timeoutMs: 120_000,
    });
    await createFlag(url, enabledFlag, 'Payments go through the new provider');
    await createFlag(url, disabledFlag, 'Checkout without the address page');
    await call(url, 'POST', `/projects/${project}/features/${enabledFlag}/environments/${environment}/on`);
    return { url, adminToken, clientToken, project, environment, enabledFlag, disabledFlag };
  },
};

/** Creates a flag with one strategy in `environment`, where it is off. */
async function createFlag(url: string, name: string, description: string): Promise<void> {
  const features = `/projects/${project}/features`;
  await call(url, 'POST', features, { name, description, type: 'release', impressionData: false });
  const strategy = { name: 'default', constraints: [], parameters: {}, segments: [] };
  await call(url, 'POST', `${features}/${name}/environments/${environment}/strategies`, strategy);
}

async function call(url: string, method: string, resource: string, body?: unknown): Promise<void> {
  const response = await fetch(`${url}/api/admin${resource}`, {
    method,
    headers: { authorization: adminToken, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new PlainFailure(`Unleash answered ${method} ${resource} with ${response.status}: ${text}`);
  }
}
