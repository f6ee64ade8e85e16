import * as v from 'valibot';
import type { Suggested, Suggestion } from '../../core/inputs/fetchSuggestions.ts';
import type { FlagRequest } from '../../core/plan/curl/flagAction.ts';
import type { FlagService } from '../../core/plan/curl/flagService.ts';
import { maskText } from '../maskSecrets.ts';
import { fetchSecrets, type Secrets } from '../secretValues.ts';
import { sendFlagRequest, type Fetch } from './flagRequest.ts';

/** So many of one service: more than anybody picks from. */
const mostFlags = 200;

const unleashList = v.object({
  features: v.array(
    v.object({
      name: v.string(),
      environments: v.optional(v.array(v.object({ name: v.string(), enabled: v.boolean() })), []),
    }),
  ),
});
const launchDarklyList = v.object({
  items: v.array(
    v.object({
      key: v.string(),
      environments: v.optional(v.record(v.string(), v.object({ on: v.optional(v.boolean()) })), {}),
    }),
  ),
});

/**
 * The flags of the services that the settings name, each with whether it is on in the service's environment. A service of
 * a company's own has no list that we know of and is passed over. What cannot be asked is in the note. Never throws.
 */
export async function listFlags(
  services: readonly FlagService[],
  secrets: Secrets,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Suggested> {
  const answers = await Promise.all(services.map((service) => listOf(service, secrets, fetch, signal)));
  const values = new Map<string, Suggestion>();
  for (const { values: own } of answers)
    for (const each of own) if (!values.has(each.value)) values.set(each.value, each);
  const notes = answers.flatMap(({ note }) => note ?? []);
  return { values: [...values.values()], note: notes.length === 0 ? undefined : notes.join(' ') };
}

async function listOf(
  service: FlagService,
  secrets: Secrets,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Suggested> {
  const request = requestOf(service);
  if (request === undefined) return { values: [], note: undefined };
  const { token } = service;
  const found = await fetchSecrets(token === undefined ? [] : [token], secrets);
  if (!found.ok)
    return {
      values: [],
      note: `Could not ask: the secret ${token ?? ''} is not set (Incident: Set Secret).`,
    };
  const sent = await sendFlagRequest(request, found.value, fetch, signal);
  switch (sent.kind) {
    case 'accepted': {
      const flags = parseFlags(service, sent.text)?.slice(0, mostFlags);
      const where = new URL(request.url).origin;
      if (flags === undefined)
        return { values: [], note: `Could not ask: ${where} answered with no list of flags.` };
      return {
        values: flags,
        note: flags.length === 0 ? `${where} has no flags in this project.` : undefined,
      };
    }
    case 'refused':
    case 'not-sent': {
      // Of a look nobody expects that something was changed.
      const message = sent.message.replace(/Nothing was \w+; (\w)/, (_all, first: string) =>
        first.toUpperCase(),
      );
      return { values: [], note: `Could not ask: ${maskText(message, [...found.value.values()])}` };
    }
    case 'unanswered':
      return { values: [], note: `Could not ask: ${sent.said}.` };
    case 'stopped':
      return { values: [], note: 'Nobody answered in time. A value can be typed.' };
  }
}

/**
 * https://docs.getunleash.io/reference/api/unleash : the features of a project;
 * https://launchdarkly.com/docs/api/feature-flags/get-feature-flags : at most 100 at once.
 */
function requestOf({
  kind,
  apiUrl,
  baseUrl,
  token,
  project = 'default',
  environment,
}: FlagService): FlagRequest | undefined {
  const api = (apiUrl ?? baseUrl).replace(/\/+$/, '');
  const at = encodeURIComponent(project);
  if (kind === 'generic' || !URL.canParse(api)) return undefined;
  const env = environment === undefined ? '' : `&env=${encodeURIComponent(environment)}`;
  return {
    method: 'GET',
    url:
      kind === 'unleash'
        ? `${api}/api/admin/projects/${at}/features`
        : `${api}/api/v2/flags/${at}?limit=100${env}`,
    headers: token === undefined ? [] : [['Authorization', `\${${token}}`]],
    body: undefined,
  };
}

function parseFlags({ kind, environment }: FlagService, text: string): readonly Suggestion[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const told = (name: string, on: boolean | undefined): Suggestion => ({
    value: name,
    detail:
      on === undefined || environment === undefined ? undefined : `${on ? 'on' : 'off'} in ${environment}`,
  });
  if (kind === 'unleash') {
    const list = v.safeParse(unleashList, value);
    return list.success
      ? list.output.features.map(({ name, environments }) =>
          told(name, environments.find((each) => each.name === environment)?.enabled),
        )
      : undefined;
  }
  const list = v.safeParse(launchDarklyList, value);
  return list.success
    ? list.output.items.map(({ key, environments }) => told(key, environments[environment ?? '']?.on))
    : undefined;
}
