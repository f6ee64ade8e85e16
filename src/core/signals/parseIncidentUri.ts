import type { Result } from '../errors.ts';
import { failed, ok } from '../errors.ts';
import { parseInstant, toInstant } from '../incident/instants.ts';
import { longestTitle } from './draftFromSignal.ts';
import { plainText } from './plainText.ts';

/** What a link asks for. Every value is text that a person sees before anything is done with it. */
export type IncidentUri =
  | {
      readonly kind: 'declare';
      readonly title?: string;
      readonly severity?: string;
      readonly service?: string;
      /** UTC ISO 8601. */
      readonly startsAt?: string;
      /** Alertmanager's, 16 hex digits. */
      readonly fingerprint?: string;
      /** https or http. */
      readonly runbook?: string;
    }
  /** The incident's number or ULID. */
  | { readonly kind: 'open'; readonly incident: string };

/**
 * Reads `vscode://incident-response.incident-response/declare?…` and `/open?…`: the path and the query as VS Code hands
 * them over, which is decoded. Known parameters only, the first of each; cut to length, without control characters.
 * Never throws.
 */
export function parseIncidentUri({
  path,
  query,
}: {
  readonly path: string;
  readonly query: string;
}): Result<IncidentUri> {
  const given = parametersOf(query.slice(0, longestQuery));
  switch (path.replace(/\/+$/, '')) {
    case '/declare':
      return ok({
        kind: 'declare',
        ...some('title', plainText(spaced(given.get('title')), longestTitle)),
        ...some('severity', plainText(spaced(given.get('severity')), 40)),
        ...some('service', plainText(spaced(given.get('service')), 100)),
        ...some('startsAt', instantOf(given.get('startsAt') ?? '')),
        ...some('fingerprint', /^[0-9a-f]{16}$/i.exec(given.get('fingerprint') ?? '')?.[0].toLowerCase()),
        ...some('runbook', webAddress(given.get('runbook') ?? '')),
      });
    case '/open': {
      const incident = (given.get('incident') ?? '').trim();
      return /^(?:\d{4}-\d{2}-\d{2}-\d{4,8}|[0-9A-HJKMNP-TV-Z]{26})$/i.test(incident)
        ? ok({ kind: 'open', incident: incident.toUpperCase() })
        : failed('invalid', 'This link names no incident. Nothing was opened; pick it in the Incident view.');
    }
    default:
      return failed(
        'invalid',
        'This link asks for something that Incident Response does not know. Nothing was done; links are /declare and /open.',
      );
  }
}

/** Longer ones are no link that a template made, characters. */
const longestQuery = 16_000;

const known = new Set(['title', 'severity', 'service', 'startsAt', 'fingerprint', 'runbook', 'incident']);

/**
 * By name, the first of each. VS Code has decoded the query already, so a `&` of a title cannot be told from the one
 * between two parameters: a piece that does not begin like a parameter goes on with the one before it.
 */
function parametersOf(query: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  let last: string | undefined;
  for (const piece of query.split('&')) {
    const [, name, value = ''] = /^([A-Za-z][\w.-]*)=([\s\S]*)$/.exec(piece) ?? [];
    if (name === undefined) {
      const before = last === undefined ? undefined : given.get(last);
      if (last !== undefined && before !== undefined) given.set(last, `${before}&${piece}`);
      continue;
    }
    last = known.has(name) && !given.has(name) ? name : undefined;
    if (last !== undefined) given.set(last, value);
  }
  return given;
}

/** Go's and browsers' form encoding writes a space as `+`; a text with real spaces in it was not written so. */
const spaced = (text = ''): string => (/\s/.test(text) ? text : text.replaceAll('+', ' '));

function instantOf(text: string): string | undefined {
  // The `+` of a zone may have become a space on its way through a form.
  const ms = parseInstant(text.trim().replace(/ (?=\d{2}:\d{2}$)/, '+'));
  return ms === undefined ? undefined : toInstant(ms);
}

function webAddress(text: string): string | undefined {
  const address = plainText(text, 2000);
  return /^https?:\/\/[^\s/?#@\\]+(?:[/?#][^\s\\]*)?$/i.test(address) ? address : undefined;
}

const some = <K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } =>
  value ? ({ [key]: value } as { readonly [P in K]?: string }) : {};
