import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the simulated production answers, besides its cluster. */
export interface SimulatedAddresses {
  /** AWS's RDS API. */
  readonly rds: string;
  /** The feature flag service. */
  readonly flagService: string;
}

export interface SampleProduction {
  /** Of the sample workspace. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of the editor's process. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Points an editor at the simulated AWS and flag service: an AWS profile of its own below `folder`, which must not be the
 * workspace, so that the person's own profiles are neither read nor touched.
 */
export async function prepareSampleProduction(
  folder: string,
  { rds, flagService }: SimulatedAddresses,
): Promise<SampleProduction> {
  const config = path.join(folder, 'aws-config');
  const credentials = path.join(folder, 'aws-credentials');
  await mkdir(folder, { recursive: true });
  await writeFile(config, '[profile simulated]\nregion = eu-central-1\n');
  await writeFile(
    credentials,
    '[simulated]\naws_access_key_id = simulated\naws_secret_access_key = simulated\n',
    { mode: 0o600 },
  );
  return {
    settings: {
      'incident.aws.profile': 'simulated',
      'incident.aws.region': 'eu-central-1',
      'incident.flags.services': [
        {
          kind: 'unleash',
          baseUrl: 'https://feature-flags.example.internal',
          apiUrl: flagService,
          environment: 'production',
          token: 'FLAG_TOKEN',
        },
      ],
    },
    env: {
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      AWS_ENDPOINT_URL_RDS: rds,
    },
  };
}

/** The simulated services of others, as the simulator's first line tells of them. */
export type SimulatedOutside = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Workspace settings that point at them: what is left for a person is to connect, with the words `outsideHint` gives. */
export const outsideSettings = (outside: SimulatedOutside): Readonly<Record<string, unknown>> => ({
  'incident.alertmanager.baseUrl': outside['alertmanager']?.['url'],
  'incident.prometheus.baseUrl': outside['prometheus']?.['url'],
  'incident.slack.baseUrl': outside['slack']?.['url'],
  'incident.github.baseUrl': outside['github']?.['url'],
  'incident.github.repository': outside['github']?.['repository'],
  'incident.statuspage.baseUrl': outside['statuspage']?.['url'],
  'incident.statuspage.pageId': outside['statuspage']?.['page'],
  'incident.grafana.baseUrl': outside['grafana']?.['url'],
});

/** What to type into Incident: Connect for each of them. */
export const outsideHint = (outside: SimulatedOutside): string =>
  ['slack', 'github', 'statuspage', 'grafana']
    .map((name) => `${name}: ${outside[name]?.['token'] ?? ''}`)
    .join('\n  ');
