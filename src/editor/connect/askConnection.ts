import * as vscode from 'vscode';
import { plainUrl } from '../../core/deliveries/outwardPlaces.ts';
import { failed, firstSentence, type Failure, type Result } from '../../core/errors.ts';
import type { CheckConnection, ConnectedAs } from '../../integrations/connection.ts';
import { askText, pick } from '../ask/ask.ts';
import { getSetting } from '../settings.ts';
import { optionsOf, type SystemForm, type TextSetting } from './systemForms.ts';

/** What a person gave for a connection, and what the service said to it. */
export interface GivenConnection {
  /** Values of the form's fields. */
  readonly settings: ReadonlyMap<TextSetting, string>;
  readonly baseUrl: string;
  /** Empty where the system is open to everybody. */
  readonly token: string;
  /** Undefined when it was kept though the service could not be asked. */
  readonly checked: ConnectedAs | undefined;
}

/**
 * Asks for what the system needs, tries it at once, and asks again where the service refuses it. Undefined when the
 * person gives up: nothing was written then.
 */
export async function askConnection(
  form: SystemForm,
  check: CheckConnection | undefined,
): Promise<GivenConnection | undefined> {
  const steps = form.fields.length + 1;
  const settings = new Map<TextSetting, string>();
  let refused: Failure | undefined;
  for (;;) {
    // A token that was refused is asked for alone; an address or a name that was wrong is among the rest.
    if (refused === undefined || !isOfToken(refused)) {
      for (const [index, field] of form.fields.entries()) {
        const given = await askText({
          title: `Connect ${form.name} (${index + 1}/${steps})`,
          prompt: field.prompt,
          placeholder: field.placeholder,
          value: settings.get(field.key) ?? getSetting(field.key),
          validate: field.validate,
          ...(refused !== undefined && index === 0 ? { refused: refused.message } : {}),
        });
        if (given === undefined) return undefined;
        settings.set(field.key, given);
      }
    }
    const baseUrl = plainUrl(settings.get(form.baseUrl) ?? getSetting(form.baseUrl));
    const said = refused !== undefined && (isOfToken(refused) || steps === 1) ? refused.message : undefined;
    const token = await askToken(form, baseUrl, steps, said);
    if (token === undefined) return undefined;
    const connection = {
      baseUrl,
      token: token === '' ? undefined : token,
      options: optionsOf(form, (key) => settings.get(key) ?? getSetting(key)),
    };
    const tried = await tryUntilAnswered(form, check, connection);
    if (tried === 'given-up') return undefined;
    if (tried.ok) return { settings, baseUrl, token, checked: tried.value };
    refused = tried.failure;
  }
}

const isOfToken = ({ code }: Failure): boolean => code === 'unauthorized' || code === 'forbidden';

function askToken(
  form: SystemForm,
  baseUrl: string,
  steps: number,
  refused: string | undefined,
): Promise<string | undefined> {
  const { name, prompt, page, optional } = form.token;
  const url = page(baseUrl);
  return askText({
    title: `Connect ${form.name} (${steps}/${steps})`,
    prompt: `${prompt} Kept in VS Code’s secret storage.`,
    placeholder: name,
    isPassword: true,
    ...(url === undefined ? {} : { link: { title: `Open the page where the ${name} is made: ${url}`, url } }),
    ...(refused === undefined ? {} : { refused }),
    validate: (given) => (given === '' && !optional ? `Paste the ${name}, or press Esc.` : undefined),
  });
}

/** Asks again as long as the service gives no answer and the person wants to; undefined: kept without an answer. */
async function tryUntilAnswered(
  form: SystemForm,
  check: CheckConnection | undefined,
  connection: Parameters<CheckConnection>[0],
): Promise<Result<ConnectedAs | undefined> | 'given-up'> {
  if (check === undefined) return { ok: true, value: undefined };
  for (;;) {
    const tried = await checkWithProgress(form.name, check, connection);
    if (tried.ok) return tried;
    const { failure } = tried;
    if (failure.code === 'cancelled') return 'given-up';
    const sentence = firstSentence(failure.message);
    if (isOfToken(failure))
      return failed(failure.code, `${sentence} Nothing was stored: paste another one, or press Esc.`);
    const isAway = failure.code === 'unreachable' || failure.code === 'timeout';
    if (!isAway && failure.code !== 'failed') return failed(failure.code, `${sentence} Nothing was stored.`);
    const next = await pick(
      [
        { label: 'Try again', value: 'again' as const },
        { label: 'Change what was typed', value: 'change' as const },
        ...(isAway
          ? [
              {
                label: 'Keep anyway',
                description: 'stored without having been checked',
                value: 'keep' as const,
              },
            ]
          : []),
      ],
      { title: `Connect ${form.name}`, placeholder: `${sentence} Nothing is stored yet.` },
    );
    if (next === undefined) return 'given-up';
    if (next === 'change') return failed(failure.code, sentence);
    if (next === 'keep') return { ok: true, value: undefined };
  }
}

/** Asks the service who the token is, with a notification that can stop it. */
export const checkWithProgress = (
  name: string,
  check: CheckConnection,
  connection: Parameters<CheckConnection>[0],
): Promise<Result<ConnectedAs>> =>
  Promise.resolve(
    vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Asking ${name} who the token is`,
        cancellable: true,
      },
      (_progress, cancel) => {
        const stop = new AbortController();
        cancel.onCancellationRequested(() => stop.abort());
        return check(connection, stop.signal);
      },
    ),
  );
