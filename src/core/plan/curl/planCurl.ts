import { parseCurl, renderCurl } from './curlGrammar.ts';
import type { HttpRequest } from './curlGrammar.ts';
import { readFlagLine } from './flagLine.ts';
import type { MarkedWords } from '../words/markedWord.ts';
import type { Filter, FlagPlan, HttpPlan, Risk } from '../plan.ts';
import { quoteWord } from '../words/quoteWord.ts';
import type { ReadCommand } from '../readCommand.ts';
import { higherRisk, raisedByGuide, riskOfHttp } from '../risk.ts';
import { referencesIn, textsIn } from '../words/secretReferences.ts';
import { timeoutOf } from '../timeout.ts';
import {
  cannotVerifyFlag,
  grepTraps,
  incompleteArgument,
  invalidValues,
  looksLikeFlag,
  noCredentials,
  onlyReadsAreRetried,
} from '../traps.ts';

/** What stands around the request in the command. */
interface Around {
  readonly filters: readonly Filter[];
  /** The text of the filters. */
  readonly preview: string;
  /** The settings say that this command only reads. */
  readonly named: boolean;
}

/**
 * Plans the words behind `curl` as a change of a feature flag where a configured service is asked for one, else as a
 * request. Gives a reason where only curl itself can do it. Marks of unknown placeholders are still in the plan.
 */
export function planCurl(
  read: ReadCommand,
  words: readonly string[],
  around: Around,
  marked: MarkedWords,
): HttpPlan | FlagPlan | { readonly reason: string } {
  const parsed = parseCurl(words, marked);
  if (!parsed.ok) return parsed;
  const { request } = parsed;
  const secrets = read.filled.secrets;
  // A text that only looks like a reference would be filled in as if it were one.
  const literal = textsIn(request).flatMap(referencesIn);
  if (literal.some((name) => secrets.includes(name)))
    return { reason: 'it has a secret and the same name as plain text' };
  const flag = around.filters.length > 0 ? undefined : readFlagLine(request, read.context.flagServices ?? []);
  if (flag?.action && literal.length === 0) return planFlag(read, parsed.invalid, flag.action, marked);
  return planHttp(read, parsed, around, marked, flag?.hint);
}

function planHttp(
  { step, context, filled }: ReadCommand,
  { request, invalid }: { readonly request: HttpRequest; readonly invalid: readonly string[] },
  { filters, preview, named }: Around,
  marked: MarkedWords,
  hint: string | undefined,
): HttpPlan {
  // A guide may be anybody's text: a person agrees before a secret goes to the address it names, even to read.
  const base =
    filled.secrets.length > 0 ? higherRisk('change', riskOfHttp(request.method)) : riskOfHttp(request.method);
  const risk = raisedByGuide(named && base === 'change' ? 'read' : base, step.attributes['ir.risk']);
  const limit = timeoutOf(step, risk === 'read' ? 'read' : 'change');
  const asked = request.curl?.maxTimeMs;
  return {
    kind: 'http',
    stepId: step.id,
    original: step.command ?? '',
    preview: renderCurl(request, marked.quote) + preview,
    risk,
    target: context.target,
    missing: filled.missing,
    traps: [
      ...incompleteArgument(filled.missing),
      ...invalidValues([...filled.invalid, ...invalid]),
      ...(request.curl?.user === undefined
        ? noCredentials(request.method, request.url, request.headers)
        : []),
      ...onlyReadsAreRetried(request),
      ...(hint === undefined ? looksLikeFlag(request) : [cannotVerifyFlag(hint)]),
      ...grepTraps(filters),
    ],
    timeoutMs: asked === undefined ? limit : Math.min(asked, limit ?? asked),
    ...request,
    filters,
    ...(filled.secrets.length > 0 ? { secrets: filled.secrets } : {}),
  };
}

function planFlag(
  { step, context, filled }: ReadCommand,
  invalid: readonly string[],
  action: FlagPlan['action'],
  marked: MarkedWords,
): FlagPlan {
  const { request } = action;
  const risk: Risk = higherRisk('change', raisedByGuide('change', step.attributes['ir.risk']));
  const secrets = [...new Set([...filled.secrets, ...textsIn(request.headers).flatMap(referencesIn)])];
  return {
    kind: 'flag',
    stepId: step.id,
    original: step.command ?? '',
    preview: renderFlagRequest(request, marked.quote),
    risk,
    target: context.target,
    missing: filled.missing,
    traps: [
      ...incompleteArgument(filled.missing),
      ...invalidValues([...filled.invalid, ...invalid]),
      ...noCredentials(request.method, request.url, request.headers),
      ...(action.read ? [] : [cannotVerifyFlag('The settings name no address to read its state from.')]),
    ],
    timeoutMs: timeoutOf(step, 'change'),
    action,
    ...(secrets.length > 0 ? { secrets } : {}),
  };
}

/** The curl command that sends a flag's request; a reference to a secret stays one for the shell. */
export function renderFlagRequest(
  request: FlagPlan['action']['request'],
  quote: (word: string) => string = quoteWord,
): string {
  return renderCurl(
    {
      ...request,
      showHeaders: false,
      followRedirects: false,
      failOnError: false,
      ...(request.method === 'GET' ? {} : { curl: { keepMethod: true } }),
    },
    (word) => (referencesIn(word).length > 0 ? `"${word.replace(/(["\\`])/g, '\\$1')}"` : quote(word)),
  );
}
