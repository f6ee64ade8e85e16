import type { DeliveryPlace, OutwardSystem } from './delivery.ts';

/** Where an incident's deliveries may go: what is configured and connected. Base URLs without a slash at their end. */
export interface OutwardPlaces {
  readonly slack: SlackPlace | undefined;
  /** GitHub first; empty when no ticket system is connected. */
  readonly tickets: readonly TicketPlace[];
  readonly statuspage: StatuspagePlace | undefined;
  readonly pagerduty: PagerDutyPlace | undefined;
  readonly webhooks: readonly WebhookPlace[];
}

export interface SlackPlace {
  readonly baseUrl: string;
  /** Pattern of an incident's channel: `incident-{number}`. */
  readonly channelName: string;
}

/** Which system a ticket was delivered to: GitHub's places name a repository. */
export const ticketSystemOf = (place: DeliveryPlace): TicketPlace['system'] =>
  place['repository'] === undefined ? 'jira' : 'github';

export type TicketPlace =
  | {
      readonly system: 'github';
      readonly baseUrl: string;
      /** `owner/name`. */
      readonly repository: string;
    }
  | {
      readonly system: 'jira';
      readonly baseUrl: string;
      /** The project's key. */
      readonly project: string;
      readonly issueType: string;
      /** Of the account the token belongs to. */
      readonly email: string;
    };

export interface StatuspagePlace {
  readonly baseUrl: string;
  /** Page id. */
  readonly page: string;
}

export interface PagerDutyPlace {
  readonly baseUrl: string;
  /** Service id. */
  readonly service: string;
  /** E-mail of the user in whose name it acts. */
  readonly from: string;
}

export interface WebhookPlace {
  /** The name of its setting: the address stays with whoever sends, for it may be a secret itself. */
  readonly name: string;
}

/** The settings that name places, as they are written. `webhooks` is foreign JSON still. */
export interface PlaceSettings {
  readonly slack: SlackPlace;
  readonly github: { readonly baseUrl: string; readonly repository: string };
  readonly jira: {
    readonly baseUrl: string;
    readonly project: string;
    readonly issueType: string;
    readonly email: string;
  };
  readonly statuspage: { readonly baseUrl: string; readonly pageId: string };
  readonly pagerduty: { readonly baseUrl: string; readonly service: string; readonly from: string };
  readonly webhooks: unknown;
}

/** What is kept as a secret, asked by name; never the secret itself. */
export interface KeptSecrets {
  hasToken(system: Exclude<OutwardSystem, 'webhook'>, baseUrl: string): boolean;
  /** Whether the address of the webhook with this name is kept as a secret. */
  hasWebhookUrl(name: string): boolean;
}

/** The places that are configured completely and have their token; webhooks need an address only. */
export function outwardPlaces(settings: PlaceSettings, kept: KeptSecrets): OutwardPlaces {
  const slack = placed(settings.slack);
  const github = placed(settings.github);
  const jira = placed(settings.jira);
  const { pageId, baseUrl } = placed(settings.statuspage);
  const statuspage = { baseUrl, page: pageId };
  const pagerduty = placed(settings.pagerduty);
  const isPlace = (system: Exclude<OutwardSystem, 'webhook'>, place: { readonly baseUrl: string }): boolean =>
    Object.values(place).every((value) => value !== '') && kept.hasToken(system, place.baseUrl);
  return {
    slack: isPlace('slack', slack) ? slack : undefined,
    tickets: [
      ...(isPlace('github', github) ? [{ system: 'github' as const, ...github }] : []),
      ...(isPlace('jira', jira) ? [{ system: 'jira' as const, ...jira }] : []),
    ],
    statuspage: isPlace('statuspage', statuspage) ? statuspage : undefined,
    pagerduty: isPlace('pagerduty', pagerduty) ? pagerduty : undefined,
    webhooks: readWebhooks(settings.webhooks)
      .filter(({ name, url }) => url !== undefined || kept.hasWebhookUrl(name))
      .map(({ name }) => ({ name })),
  };
}

export interface WebhookSetting {
  readonly name: string;
  /** Undefined when the address is kept as a secret. */
  readonly url: string | undefined;
}

/** The webhooks of the setting that have a name; the first of a name counts. */
export function readWebhooks(written: unknown): readonly WebhookSetting[] {
  const found = new Map<string, WebhookSetting>();
  for (const entry of Array.isArray(written) ? (written as readonly unknown[]) : []) {
    if (typeof entry !== 'object' || entry === null) continue;
    const { name, url } = entry as { readonly name?: unknown; readonly url?: unknown };
    if (typeof name !== 'string' || name.trim() === '' || found.has(name.trim())) continue;
    const address = typeof url === 'string' && url.trim() !== '' ? url.trim() : undefined;
    found.set(name.trim(), { name: name.trim(), url: address });
  }
  return [...found.values()];
}

/** A base URL without what a person may have left at its end. */
export const plainUrl = (url: string): string => url.trim().replace(/\/+$/, '');

/** A place without the spaces that a person may have left around its parts. */
const placed = <T extends { readonly baseUrl: string }>(written: T): T => ({
  ...(Object.fromEntries(
    Object.entries(written).map(([key, text]: [string, string]) => [key, text.trim()]),
  ) as T),
  baseUrl: plainUrl(written.baseUrl),
});

/** Nothing is connected, or nothing may leave. */
export const nowhere: OutwardPlaces = {
  slack: undefined,
  tickets: [],
  statuspage: undefined,
  pagerduty: undefined,
  webhooks: [],
};
