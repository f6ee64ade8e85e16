import type { ConnectedSystem } from '../../integrations/connection.ts';
import type { Settings } from '../manifest.ts';

/** A setting whose value is a line of text. */
export type TextSetting = {
  [K in keyof Settings]: string extends Settings[K] ? (Settings[K] extends string ? K : never) : never;
}[keyof Settings];

/** A setting that a connection needs and a person is asked for. */
export interface SettingField {
  readonly key: TextSetting;
  /** What it is called in sentences: `repository`. */
  readonly label: string;
  /** Under which name the check gets it. */
  readonly option: string;
  readonly prompt: string;
  readonly placeholder: string;
  /** It names whose the token is, or in whose name it acts: kept with the token, which may outlive the setting. */
  readonly isAccount?: true;
  /** A sentence when the value cannot be taken. */
  readonly validate: (value: string) => string | undefined;
}

/** One outside system as a person connects it. */
export interface SystemForm {
  readonly system: Exclude<ConnectedSystem, 'webhook'>;
  readonly name: string;
  /** What is done with it. */
  readonly purpose: string;
  readonly baseUrl: TextSetting;
  /** Asked in this order; the address is among them where there is no usual one. */
  readonly fields: readonly SettingField[];
  /** Settings that the check wants too, but that have a value already. */
  readonly more?: Readonly<Record<string, TextSetting>>;
  readonly token: TokenForm;
}

export interface TokenForm {
  /** How the vendor calls it. */
  readonly name: string;
  /** Where it is made and what it must be allowed to do. */
  readonly prompt: string;
  /** The vendor's page where it is made; undefined where there is none. `baseUrl` is the setting's value. */
  readonly page: (baseUrl: string) => string | undefined;
  /** True where the system may well be open to everybody who reaches it. */
  readonly optional?: boolean;
}

const url = (value: string): string | undefined =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : 'Write an address that begins with https:// or http://.';

const email = (value: string): string | undefined =>
  /^[^@\s]+@[^@\s]+$/.test(value) ? undefined : 'Write an e-mail address.';

const repository = (value: string): string | undefined =>
  /^[\w.-]+\/[\w.-]+$/.test(value) ? undefined : 'Write the repository as owner/name.';

const word = (value: string): string | undefined =>
  /^\S+$/.test(value) ? undefined : 'Write it as one word, without spaces.';

const address = (key: TextSetting, name: string, placeholder: string): SettingField => ({
  key,
  label: 'address',
  option: 'baseUrl',
  prompt: `Address of ${name}, with the path below which it lives.`,
  placeholder,
  validate: url,
});

/** The origin's page, where the address can be read. */
const pageAt =
  (path: string) =>
  (baseUrl: string): string | undefined =>
    url(baseUrl) === undefined ? `${baseUrl.replace(/\/+$/, '')}${path}` : undefined;

const slackScopes =
  'channels:manage, channels:read, channels:history, chat:write, pins:write, pins:read, reactions:read, users:read, users:read.email';

/** Every system that is connected with a token, in the order of a declare. Webhooks have a way of their own. */
export const systemForms: readonly SystemForm[] = [
  {
    system: 'slack',
    name: 'Slack',
    purpose: 'The incident’s channel, its first message, updates and pins',
    baseUrl: 'slack.baseUrl',
    fields: [],
    token: {
      name: 'Bot User OAuth Token',
      prompt: `Made under OAuth & Permissions of your Slack app. Bot token scopes: ${slackScopes}.`,
      page: () => 'https://api.slack.com/apps',
    },
  },
  {
    system: 'github',
    name: 'GitHub',
    purpose: 'Tickets, as issues of a repository',
    baseUrl: 'github.baseUrl',
    fields: [
      {
        key: 'github.repository',
        label: 'repository',
        option: 'repository',
        prompt: 'Repository whose issues are the tickets of incidents.',
        placeholder: 'owner/name',
        validate: repository,
      },
    ],
    token: {
      name: 'personal access token',
      prompt:
        'A fine-grained token for that repository with the permission Issues: Read and write, or a classic one with the scope repo.',
      page: githubTokens,
    },
  },
  {
    system: 'jira',
    name: 'Jira',
    purpose: 'Tickets, as issues of a project',
    baseUrl: 'jira.baseUrl',
    fields: [
      address('jira.baseUrl', 'the Jira site', 'https://example.atlassian.net'),
      {
        key: 'jira.project',
        label: 'project',
        option: 'project',
        prompt: 'Key of the project that gets the tickets of incidents.',
        placeholder: 'OPS',
        validate: word,
      },
      {
        key: 'jira.email',
        label: 'e-mail address',
        option: 'email',
        prompt: 'E-mail address of the Atlassian account that the token belongs to.',
        placeholder: 'name@example.com',
        isAccount: true,
        validate: email,
      },
    ],
    more: { issueType: 'jira.issueType' },
    token: {
      name: 'API token',
      prompt:
        'Made in the Atlassian account, without scopes. The account may browse the project, create, edit and transition its issues, and comment.',
      page: () => 'https://id.atlassian.com/manage-profile/security/api-tokens',
    },
  },
  {
    system: 'statuspage',
    name: 'Statuspage',
    purpose: 'The status page, for the severities your guide names',
    baseUrl: 'statuspage.baseUrl',
    fields: [
      {
        key: 'statuspage.pageId',
        label: 'page id',
        option: 'pageId',
        prompt: 'Id of the status page; it stands in the address of its management pages and under API info.',
        placeholder: 'kctbh9vrtdwd',
        validate: word,
      },
    ],
    token: {
      name: 'API key',
      prompt:
        'Made at manage.statuspage.io under your profile, API info. Its owner may create and update incidents of the page.',
      page: () => 'https://manage.statuspage.io/',
    },
  },
  {
    system: 'pagerduty',
    name: 'PagerDuty',
    purpose: 'Incidents and responders out; incidents and changes in',
    baseUrl: 'pagerduty.baseUrl',
    fields: [
      {
        key: 'pagerduty.service',
        label: 'service id',
        option: 'service',
        prompt: 'Id of the service that incidents are opened on; it stands in the address of its page.',
        placeholder: 'PIJ90N7',
        validate: word,
      },
      {
        key: 'pagerduty.from',
        label: 'e-mail address',
        option: 'from',
        prompt: 'E-mail address of the PagerDuty user in whose name incidents are opened and resolved.',
        placeholder: 'name@example.com',
        isAccount: true,
        validate: email,
      },
    ],
    token: {
      name: 'REST API key',
      prompt: 'A General Access or User Token REST API key that is not read-only.',
      page: () => 'https://support.pagerduty.com/main/docs/api-access-keys',
    },
  },
  {
    system: 'grafana',
    name: 'Grafana',
    purpose: 'The dashboards your guide names',
    baseUrl: 'grafana.baseUrl',
    fields: [address('grafana.baseUrl', 'Grafana', 'https://grafana.example.com')],
    token: {
      name: 'service account token',
      prompt: 'Made under Administration, Service accounts: one with the role Viewer.',
      page: pageAt('/org/serviceaccounts'),
    },
  },
  openForm('alertmanager', 'Alertmanager', 'Alerts in, and silences made and ended'),
  openForm('prometheus', 'Prometheus', 'Alerts of its rules that are pending or fire'),
];

/** GitHub's own page; an Enterprise Server's is on the host of its API, which ends in /api/v3. */
function githubTokens(baseUrl: string): string | undefined {
  if (url(baseUrl) !== undefined) return undefined;
  const { origin, hostname } = new URL(baseUrl);
  const host = hostname === 'api.github.com' ? 'https://github.com' : origin;
  return `${host}/settings/personal-access-tokens/new`;
}

/** Neither knows tokens of its own: what stands before it may ask for one, or for a password. */
function openForm(system: 'alertmanager' | 'prometheus', name: string, purpose: string): SystemForm {
  return {
    system,
    name,
    purpose,
    baseUrl: `${system}.baseUrl`,
    fields: [address(`${system}.baseUrl`, name, `https://${system}.example.com`)],
    more: { user: `${system}.user`, tenant: `${system}.tenant` },
    token: {
      name: 'token or password',
      prompt: `What a proxy before ${name} asks for as a bearer token, or the password of the setting incident.${system}.user. Enter where it is open to you.`,
      page: () => undefined,
      optional: true,
    },
  };
}

/** The system's settings by the names its check knows them under. */
export function optionsOf(
  { fields, more = {} }: SystemForm,
  valueOf: (key: TextSetting) => string,
): Readonly<Record<string, string>> {
  const named = [...fields.map(({ option, key }) => [option, key] as const), ...Object.entries(more)];
  return Object.fromEntries(named.map(([option, key]) => [option, valueOf(key).trim()]));
}
