import * as vscode from 'vscode';
import type { DeliveryPlace, OutwardSystem } from '../../core/deliveries/delivery.ts';
import {
  nowhere,
  outwardPlaces,
  readWebhooks,
  type OutwardPlaces,
} from '../../core/deliveries/outwardPlaces.ts';
import type { AccountOf, TokenOf, WebhookOf } from '../../integrations/connection.ts';
import { systemForms } from '../connect/systemForms.ts';
import { accountNameOf, originOf, tokenNameOf, webhookUrlNameOf, type Secrets } from '../secrets.ts';
import { getSetting } from '../settings.ts';

/** The outside systems as settings and secrets name them. Nothing of it is given out in Restricted Mode. */
export interface Connections {
  readonly tokenOf: TokenOf;
  /** What the settings name for that address; where they name another address, what was kept with the token. */
  readonly accountOf: AccountOf;
  /** Where deliveries may go now: configured, and connected. */
  placesOf(): Promise<OutwardPlaces>;
  /** From the secret storage or, where the address is no secret, from its setting. */
  readonly webhookOf: WebhookOf;
  /** A setting, a token or the trust in the workspace has changed. */
  readonly onDidChange: vscode.Event<void>;
  /** A token or a webhook's address was stored; the value tells whether deliveries to a place are sent with it. */
  readonly onDidConnect: vscode.Event<IsSentWith>;
  dispose(): void;
}

export type IsSentWith = (system: OutwardSystem, place: DeliveryPlace) => boolean;

export function createConnections(
  secrets: Pick<Secrets, 'get' | 'isSet' | 'ready' | 'onDidChange' | 'onDidStore'>,
): Connections {
  const changed = new vscode.EventEmitter<void>();
  const connected = new vscode.EventEmitter<IsSentWith>();
  const fire = (): void => changed.fire();
  const subscriptions = [
    changed,
    connected,
    secrets.onDidChange(fire),
    secrets.onDidStore((stored) =>
      connected.fire((system, place) =>
        system === 'webhook'
          ? stored === webhookUrlNameOf(place['name'] ?? '')
          : stored === tokenNameOf(system, place['baseUrl'] ?? ''),
      ),
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(fire),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('incident')) fire();
    }),
  ];
  const tokenOf: TokenOf = async (system, baseUrl) =>
    vscode.workspace.isTrusted ? secrets.get(tokenNameOf(system, baseUrl)) : undefined;
  const accountOf: AccountOf = async (system, baseUrl) => {
    const form = systemForms.find((one) => one.system === system);
    const account = form?.fields.find(({ isAccount }) => isAccount);
    if (!form || !account || !vscode.workspace.isTrusted) return undefined;
    const address = getSetting(form.baseUrl).trim();
    const written = originOf(address) === originOf(baseUrl) ? getSetting(account.key).trim() : '';
    return written || secrets.get(accountNameOf(system, baseUrl));
  };
  return {
    tokenOf,
    accountOf,
    placesOf: async () => {
      if (!vscode.workspace.isTrusted) return nowhere;
      await secrets.ready();
      return outwardPlaces(readPlaceSettings(), {
        hasToken: (system, baseUrl) => secrets.isSet(tokenNameOf(system, baseUrl)),
        hasWebhookUrl: (name) => secrets.isSet(webhookUrlNameOf(name)),
      });
    },
    webhookOf: async (name) => {
      if (!vscode.workspace.isTrusted) return undefined;
      const setting = readWebhooks(getSetting('webhooks')).find((each) => each.name === name);
      const url = setting && ((await secrets.get(webhookUrlNameOf(name))) ?? setting.url);
      return url === undefined ? undefined : { url, token: await tokenOf('webhook', url) };
    },
    onDidChange: changed.event,
    onDidConnect: connected.event,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

const readPlaceSettings = (): Parameters<typeof outwardPlaces>[0] => ({
  slack: { baseUrl: getSetting('slack.baseUrl'), channelName: getSetting('slack.channelName') },
  github: { baseUrl: getSetting('github.baseUrl'), repository: getSetting('github.repository') },
  jira: {
    baseUrl: getSetting('jira.baseUrl'),
    project: getSetting('jira.project'),
    issueType: getSetting('jira.issueType'),
    email: getSetting('jira.email'),
  },
  statuspage: { baseUrl: getSetting('statuspage.baseUrl'), pageId: getSetting('statuspage.pageId') },
  pagerduty: {
    baseUrl: getSetting('pagerduty.baseUrl'),
    service: getSetting('pagerduty.service'),
    from: getSetting('pagerduty.from'),
  },
  webhooks: getSetting('webhooks'),
});
