import * as vscode from 'vscode';
import {
  connectionState,
  connectionText,
  type ConnectionState,
} from '../../core/connections/connectionState.ts';
import { firstSentence } from '../../core/errors.ts';
import { plainUrl } from '../../core/deliveries/outwardPlaces.ts';
import { pick, type Choice } from '../ask/ask.ts';
import { askConnection, checkWithProgress } from '../connect/askConnection.ts';
import { connectWebhook, manageWebhook, webhookStates } from '../connect/connectWebhook.ts';
import { optionsOf, systemForms, type SystemForm } from '../connect/systemForms.ts';
import { openWeb } from '../ask/openWeb.ts';
import { accountNameOf, tokenNameOf } from '../secrets.ts';
import { getSetting, writeSetting } from '../settings.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { textArgument } from './onIncident.ts';

type Chosen =
  | { readonly kind: 'system'; readonly form: SystemForm }
  | { readonly kind: 'webhook'; readonly name: string }
  | { readonly kind: 'new-webhook' };

/** Lists the outside systems with their state and connects one; given a system's word, that one at once. */
export const connect: CommandFactory = (deps) => async (system) => {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage(
      'This workspace is in Restricted Mode, so nothing is connected and nothing leaves it. Trust it, then connect.',
    );
    return;
  }
  await deps.secrets.ready();
  const asked = systemForms.find((form) => form.system === textArgument(system));
  const chosen: Chosen | undefined = asked ? { kind: 'system', form: asked } : await askSystem(deps);
  switch (chosen?.kind) {
    case undefined:
      return;
    case 'system':
      return isKept(deps, chosen.form) && !asked
        ? manage(deps, chosen.form)
        : connectSystem(deps, chosen.form);
    case 'webhook':
      return manageWebhook(deps, chosen.name);
    case 'new-webhook':
      return connectWebhook(deps);
  }
};

const baseUrlOf = (form: SystemForm): string => plainUrl(getSetting(form.baseUrl));

/** Whether something of the system is stored that can be checked or forgotten. */
const isKept = ({ secrets }: CommandDeps, form: SystemForm): boolean =>
  form.token.optional === true
    ? baseUrlOf(form) !== ''
    : baseUrlOf(form) !== '' && secrets.isSet(tokenNameOf(form.system, baseUrlOf(form)));

function stateOf(deps: CommandDeps, form: SystemForm): ConnectionState {
  const missing = form.fields.find(({ key }) => getSetting(key).trim() === '');
  const facts = deps.connectionStates.of(form.system, baseUrlOf(form));
  return connectionState({ ...facts, missing: missing?.label, hasToken: isKept(deps, form) }, deps.now());
}

const icons: Readonly<Record<ConnectionState['kind'], string>> = {
  'not-connected': 'circle-outline',
  unchecked: 'question',
  connected: 'pass-filled',
  expired: 'warning',
  failing: 'error',
};

/** What it is for, and with which settings once it is connected. */
function detailOf(deps: CommandDeps, form: SystemForm): string {
  const values = isKept(deps, form) ? form.fields.map(({ key }) => getSetting(key).trim()) : [];
  return [form.purpose, ...values.filter((value) => value !== '')].join(' · ');
}

const webhookPurpose = 'Told what happens to an incident, at least once';

function askSystem(deps: CommandDeps): Promise<Chosen | undefined> {
  const rows = systemForms.map((form): Choice<Chosen> => {
    const state = stateOf(deps, form);
    return {
      label: form.name,
      description: connectionText(state, deps.now()),
      detail: state.kind === 'failing' ? firstSentence(state.message) : detailOf(deps, form),
      icon: icons[state.kind],
      value: { kind: 'system', form },
    };
  });
  const webhooks = webhookStates(deps).map(({ name, isKnown }): Choice<Chosen> => ({
    label: `Webhook ${name}`,
    description: isKnown ? 'connected' : 'not connected: no address is stored',
    detail: webhookPurpose,
    icon: isKnown ? icons.connected : icons['not-connected'],
    value: { kind: 'webhook', name },
  }));
  const add: Choice<Chosen> = {
    label: 'Another webhook…',
    description: 'for everything else',
    detail: webhookPurpose,
    icon: 'add',
    value: { kind: 'new-webhook' },
  };
  return pick([...rows, ...webhooks, add], {
    title: 'Connect',
    placeholder: 'Which system? Tokens are kept in VS Code’s secret storage, never in settings.',
  });
}

/** What can be done about a system whose token is stored. */
async function manage(deps: CommandDeps, form: SystemForm): Promise<void> {
  const page = form.token.page(baseUrlOf(form));
  const chosen = await pick(
    [
      {
        label: 'Check again',
        description: 'asks who the token is',
        icon: 'refresh',
        value: 'check' as const,
      },
      {
        label: 'Connect anew',
        description: 'with other settings or another token',
        icon: 'plug',
        value: 'anew' as const,
      },
      ...(page === undefined
        ? []
        : [
            {
              label: `Open where the ${form.token.name} is made`,
              description: page,
              icon: 'link-external',
              value: 'page' as const,
            },
          ]),
      {
        label: 'Disconnect',
        description: 'deletes the token; settings stay',
        icon: 'debug-disconnect',
        value: 'disconnect' as const,
      },
    ],
    { title: form.name, placeholder: connectionText(stateOf(deps, form), deps.now()) },
  );
  switch (chosen) {
    case undefined:
      return;
    case 'check':
      return checkAgain(deps, form);
    case 'anew':
      return connectSystem(deps, form);
    case 'page':
      if (page !== undefined) await openWeb(page);
      return;
    case 'disconnect':
      return disconnect(deps, form);
  }
}

async function connectSystem(deps: CommandDeps, form: SystemForm): Promise<void> {
  const given = await askConnection(form, deps.integrations().checks[form.system]);
  if (given === undefined) return;
  const { settings, baseUrl, token, checked } = given;
  for (const [key, value] of settings) if (getSetting(key) !== value) await writeSetting(key, value);
  // Before the token: whoever waits for that one finds both.
  const account = form.fields.find(({ isAccount }) => isAccount);
  if (account) await deps.secrets.set(accountNameOf(form.system, baseUrl), settings.get(account.key) ?? '');
  await deps.secrets.set(tokenNameOf(form.system, baseUrl), token);
  if (checked) await deps.connectionStates.noteCheck(form.system, baseUrl, checked);
  else await deps.connectionStates.forget(form.system, baseUrl);
  tell(deps, form, checked?.warnings ?? []);
}

async function checkAgain(deps: CommandDeps, form: SystemForm): Promise<void> {
  const check = deps.integrations().checks[form.system];
  const baseUrl = baseUrlOf(form);
  if (check === undefined) return;
  const token = await deps.connections.tokenOf(form.system, baseUrl);
  const checked = await checkWithProgress(form.name, check, {
    baseUrl,
    token,
    options: optionsOf(form, getSetting),
  });
  if (checked.ok) {
    await deps.connectionStates.noteCheck(form.system, baseUrl, checked.value);
    tell(deps, form, checked.value.warnings);
  } else if (checked.failure.code !== 'cancelled') {
    deps.connectionStates.noteFailure(form.system, baseUrl, checked.failure);
    void vscode.window.showWarningMessage(checked.failure.message);
  }
}

/** Says how the connection stands now, with what is missing though it works. */
function tell(deps: CommandDeps, form: SystemForm, warnings: readonly string[]): void {
  const sentence = `${form.name}: ${connectionText(stateOf(deps, form), deps.now())}.`;
  if (warnings.length > 0) void vscode.window.showWarningMessage([sentence, ...warnings].join(' '));
  else void vscode.window.showInformationMessage(sentence);
}

async function disconnect(deps: CommandDeps, form: SystemForm): Promise<void> {
  const baseUrl = baseUrlOf(form);
  await deps.secrets.set(tokenNameOf(form.system, baseUrl), '');
  await deps.secrets.set(accountNameOf(form.system, baseUrl), '');
  await deps.connectionStates.forget(form.system, baseUrl);
  // Where no token is needed the address alone is the connection.
  if (form.token.optional) await writeSetting(form.baseUrl, undefined);
  void vscode.window.showInformationMessage(
    `${form.name} is disconnected. Its token was deleted from this machine; it may still be good until you revoke it at ${form.name}.`,
  );
}
