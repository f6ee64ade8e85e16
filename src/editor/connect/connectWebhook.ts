import * as vscode from 'vscode';
import { readWebhooks } from '../../core/deliveries/outwardPlaces.ts';
import { askText, pick } from '../ask/ask.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { tokenNameOf, webhookUrlNameOf } from '../secrets.ts';
import { getSetting, writeSetting } from '../settings.ts';

type Deps = Pick<CommandDeps, 'secrets' | 'connections'>;

/** The webhooks of the setting, and whether each has an address. */
export const webhookStates = ({
  secrets,
}: Deps): readonly { readonly name: string; readonly isKnown: boolean }[] =>
  readWebhooks(getSetting('webhooks')).map(({ name, url }) => ({
    name,
    isKnown: url !== undefined || secrets.isSet(webhookUrlNameOf(name)),
  }));

/** Asks for a webhook's address and token and stores both; nothing is sent, for any message is a real one. */
export async function connectWebhook(deps: Deps, known?: string): Promise<void> {
  const title = (step: number): string => `Connect a Webhook (${step}/3)`;
  const name =
    known ??
    (await askText({
      title: title(1),
      prompt: 'What do you call it? Rows and messages do.',
      placeholder: 'service desk',
      validate: (given) => (given === '' ? 'Type a name, or press Esc.' : undefined),
    }));
  if (name === undefined) return;
  const url = await askText({
    title: title(2),
    prompt:
      'Where does it listen? Such an address is often a secret itself: it is kept in VS Code’s secret storage.',
    placeholder: 'https://',
    validate: (given) =>
      URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)
        ? undefined
        : 'Write an address that begins with https:// or http://.',
  });
  if (url === undefined) return;
  const token = await askText({
    title: title(3),
    prompt: 'A token that is sent along as “Authorization: Bearer”. Empty: none.',
    isPassword: true,
  });
  if (token === undefined) return;
  const written = readWebhooks(getSetting('webhooks'));
  if (!written.some((each) => each.name === name)) await writeSetting('webhooks', [...asWritten(), { name }]);
  // The token first: what was refused is sent again once the address is stored.
  await deps.secrets.set(tokenNameOf('webhook', url), token);
  await deps.secrets.set(webhookUrlNameOf(name), url);
  void vscode.window.showInformationMessage(
    `Webhook ${name} is connected. Nothing was sent to it: what it does cannot be tried without doing it.`,
  );
}

/** The setting with everything a person wrote into it. */
const asWritten = (): readonly unknown[] => {
  const written = getSetting('webhooks');
  return Array.isArray(written) ? written : [];
};

/** Connects a webhook anew or forgets it. */
export async function manageWebhook(deps: Deps, name: string): Promise<void> {
  const chosen = await pick(
    [
      {
        label: 'Connect anew',
        description: 'another address or token',
        icon: 'plug',
        value: 'anew' as const,
      },
      {
        label: 'Disconnect',
        description: 'deletes its address and token',
        icon: 'debug-disconnect',
        value: 'disconnect' as const,
      },
    ],
    { title: `Webhook ${name}`, placeholder: 'What about it?' },
  );
  if (chosen === 'anew') return connectWebhook(deps, name);
  if (chosen !== 'disconnect') return;
  const webhook = await deps.connections.webhookOf(name);
  if (webhook) await deps.secrets.set(tokenNameOf('webhook', webhook.url), '');
  await deps.secrets.set(webhookUrlNameOf(name), '');
  const isNamed = (entry: unknown): boolean => readWebhooks([entry])[0]?.name === name;
  await writeSetting(
    'webhooks',
    asWritten().filter((entry) => !isNamed(entry)),
  );
  void vscode.window.showInformationMessage(`Webhook ${name} is disconnected and told nothing more.`);
}
