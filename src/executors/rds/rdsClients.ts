import { RDSClient } from '@aws-sdk/client-rds';
import type { RDSClientConfig } from '@aws-sdk/client-rds';
import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Result } from '../../core/errors.ts';
import { failed, ok } from '../../core/errors.ts';
import type { Target } from '../../core/plan/plan.ts';
import type { Environment } from './awsProfiles.ts';
import { fetchAwsProfiles, sharedFiles } from './awsProfiles.ts';
import type { RdsPlace } from './rdsFailure.ts';

/** How long things take, all in ms. */
export interface RdsPace {
  /** Between two looks at what changes. */
  readonly pollMs: number;
  /** How long a request whose answer was lost, or a restart that was accepted, may take to show. */
  readonly settleMs: number;
  /** Longest wait for one answer. */
  readonly requestMs: number;
}

export interface RdsDeps {
  /** Read for AWS_PROFILE, AWS_REGION, keys, the shared files' places and AWS_ENDPOINT_URL_RDS. */
  readonly env: Environment;
  /** Another RDS than AWS's: a simulator's, an emulator's. */
  readonly endpoint?: string;
  /** Instead of the chain of profile, SSO, environment and machine role. */
  readonly credentials?: NonNullable<RDSClientConfig['credentials']>;
  readonly pace?: Partial<RdsPace>;
}

export interface RdsClients {
  /** Tries three times: a read may be asked again. */
  readonly read: RDSClient;
  /** Sends once, on a connection of its own: a stale one would leave unknown whether a change has arrived. */
  readonly change: RDSClient;
  readonly place: RdsPlace;
  /** After a failure of its credentials: the next run reads the shared files anew. */
  forget(): void;
}

/** The clients of every account and region that was asked so far. */
export interface RdsClientCache {
  open(target: Target): Promise<Result<RdsClients>>;
  dispose(): void;
}

const endpointIn = (env: Environment): string | undefined =>
  env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true'
    ? undefined
    : env['AWS_ENDPOINT_URL_RDS'] || env['AWS_ENDPOINT_URL'] || undefined;

/** The profile and region of a target, and without a pin the environment's and the shared config's. */
export async function resolvePlace(target: Target, env: Environment): Promise<Result<RdsPlace>> {
  const profile = target.awsProfile ?? env['AWS_PROFILE'];
  const profiles = await fetchAwsProfiles(env);
  const known = profiles.find(({ name }) => name === (profile ?? 'default'));
  const region = target.awsRegion ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? known?.region;
  if (region === undefined || region === '')
    return failed(
      'invalid',
      'No AWS region is pinned, written in the command or configured, so nothing was asked. Pin a target with a region.',
    );
  return ok({ profile, region, known });
}

export function createRdsClients(deps: RdsDeps, requestMs: number): RdsClientCache {
  const { env } = deps;
  const opened = new Map<string, RdsClients>();
  const created = new Set<RdsClients>();
  const keyOf = ({ profile, region }: RdsPlace): string => JSON.stringify([profile, region]);

  function create(place: RdsPlace): RdsClients {
    const { profile, region } = place;
    const endpoint = deps.endpoint ?? endpointIn(env);
    const shared: RDSClientConfig = {
      region,
      credentials: deps.credentials ?? credentialsOf(profile, region, env),
      ...(profile === undefined ? {} : { profile }),
      ...(endpoint === undefined ? {} : { endpoint }),
    };
    const handler = {
      connectionTimeout: Math.min(5000, requestMs),
      requestTimeout: requestMs,
      throwOnRequestTimeout: true,
    };
    const alone = { keepAlive: false };
    const clients: RdsClients = {
      read: new RDSClient({ ...shared, maxAttempts: 3, requestHandler: handler }),
      change: new RDSClient({
        ...shared,
        maxAttempts: 1,
        requestHandler: { ...handler, httpAgent: alone, httpsAgent: alone },
      }),
      place,
      forget() {
        if (opened.get(keyOf(place)) === clients) opened.delete(keyOf(place));
      },
    };
    created.add(clients);
    return clients;
  }
  const destroy = ({ read, change }: RdsClients): void => {
    read.destroy();
    change.destroy();
  };

  return {
    async open(target) {
      const place = await resolvePlace(target, env);
      if (!place.ok) return place;
      const key = keyOf(place.value);
      const clients = opened.get(key) ?? create(place.value);
      opened.set(key, clients);
      return ok(clients);
    },
    dispose() {
      // Those forgotten too: another run may still have been using them.
      for (const clients of created) destroy(clients);
      created.clear();
      opened.clear();
    },
  };
}

/**
 * A profile that was chosen is the only source: the chain would go on to the machine's own role where the profile has
 * nothing. Without one, keys in the environment come first and then the SDK's chain, as in the AWS CLI.
 */
function credentialsOf(
  profile: string | undefined,
  region: string,
  env: Environment,
): NonNullable<RDSClientConfig['credentials']> {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = env['AWS_SESSION_TOKEN'];
  const files = sharedFiles(env);
  const init = {
    filepath: files.credentials,
    configFilepath: files.config,
    ignoreCache: true,
    clientConfig: { region },
  };
  if (profile !== undefined) return fromIni({ ...init, profile });
  if (accessKeyId && secretAccessKey)
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  return fromNodeProviderChain(init);
}
