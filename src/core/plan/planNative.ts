import { parseCurl, renderCurl } from './curlGrammar.ts';
import { parseFilter, renderFilter } from './filterGrammar.ts';
import { parseKubectl } from './kubectlGrammar.ts';
import type { ParsedKubectl } from './kubectlGrammar.ts';
import { createMarkedWords } from './markedWord.ts';
import type { MarkedWords } from './markedWord.ts';
import type { Filter, HttpPlan, KubernetesPlan, Risk, Target } from './plan.ts';
import type { ReadCommand } from './readCommand.ts';
import { renderKubectl } from './renderKubectl.ts';
import { isNamedReadOnly, raisedByGuide, riskOfHttp, riskOfKubernetes } from './risk.ts';
import { timeoutOf } from './timeout.ts';
import {
  grepTraps,
  incompleteArgument,
  invalidValues,
  kubernetesTraps,
  noContext,
  noCredentials,
  noNamespace,
  targetTraps,
} from './traps.ts';

export type NativeResult =
  | { readonly ok: true; readonly plan: KubernetesPlan | HttpPlan }
  /** Completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

/** The filters behind the first command, with their text for the preview. */
interface Tail {
  readonly filters: readonly Filter[];
  readonly preview: string;
}

/** Plans kubectl and curl commands, and line filters behind them, where the grammars cover every word. */
export function planNative(read: ReadCommand): NativeResult {
  const [first, ...piped] = read.stages ?? [];
  const marked = createMarkedWords(read.filled.slots);
  const shell = (reason: string): NativeResult => ({ ok: false, reason: marked.asWritten(reason) });
  if (!first) return shell(read.reason);
  const [program = '', ...words] = first;
  if (program !== 'kubectl' && program !== 'curl')
    return shell(`${program || 'an empty word'} has no plan of its own yet`);

  const filters: Filter[] = [];
  let preview = '';
  for (const stage of piped) {
    const parsed = parseFilter(stage, marked.fill, marked.isOpen);
    if (!parsed.ok) return shell(parsed.reason);
    filters.push(parsed.filter);
    preview += ` | ${renderFilter(parsed.filter, marked.quote, marked.quote(parsed.openLines ?? ''))}`;
  }
  const named = isNamedReadOnly(
    piped.length === 0 ? first.map((word) => marked.asWritten(marked.fill(word))) : undefined,
    read.context.readOnlyPrefixes,
  );
  const tail = { filters, preview };
  if (program === 'curl') {
    const parsed = parseCurl(words, marked);
    if (!parsed.ok) return shell(parsed.reason);
    return { ok: true, plan: asWritten(planHttp(read, parsed, tail, named, marked), marked) };
  }
  const parsed = parseKubectl(words, marked);
  if (!parsed.ok) return shell(parsed.reason);
  return { ok: true, plan: asWritten(planKubernetes(read, parsed.value, tail, named, marked), marked) };
}

/** A read-only prefix takes a change down to a read, but never a destructive one. */
const settled = (risk: Risk, named: boolean, attribute: string | undefined): Risk =>
  raisedByGuide(named && risk === 'change' ? 'read' : risk, attribute);

function planKubernetes(
  { step, context, filled }: ReadCommand,
  parsed: ParsedKubectl,
  tail: Tail,
  named: boolean,
  marked: MarkedWords,
): KubernetesPlan {
  const { action } = parsed;
  const risk = settled(riskOfKubernetes(action), named, step.attributes['ir.risk']);
  const changes = risk !== 'read';
  const place = placeOf(parsed, context.target);
  const traps = [
    ...incompleteArgument(filled.missing),
    ...invalidValues([...filled.invalid, ...secondNames(parsed, marked)]),
    ...(place.target.context === undefined ? [noContext()] : []),
    ...targetTraps(settledPlace(parsed, marked), context.target, changes),
    ...(place.wantsNamespace && place.namespace === undefined ? [noNamespace(changes)] : []),
    ...kubernetesTraps(parsed),
    ...grepTraps(tail.filters),
  ];
  const follows = action.verb === 'logs' && action.follow;
  const waits = action.verb === 'rollout' && action.sub === 'status';
  return {
    kind: 'kubernetes',
    stepId: step.id,
    original: step.command ?? '',
    preview:
      renderKubectl(parsed, { namespace: place.namespace, context: place.target.context }, marked.quote) +
      tail.preview,
    risk,
    target: place.target,
    missing: filled.missing,
    traps,
    timeoutMs: timeoutOf(step, follows ? 'endless' : waits ? 'rollout' : changes ? 'change' : 'read'),
    action,
    filters: tail.filters,
  };
}

const CLUSTER_SCOPED =
  /^(?:no|nodes?|ns|namespaces?|pv|persistentvolumes?|sc|storageclass(?:es)?|clusterroles?|clusterrolebindings?|crds?|customresourcedefinitions?|ingressclass(?:es)?|pc|priorityclass(?:es)?|apiservices?|csr|certificatesigningrequests?|(?:mutating|validating)webhookconfigurations?|cs|componentstatus(?:es)?)(?:\.|$)/i;

/** Where the command really goes: what it says itself wins over the pin; `-A` and nodes have no namespace. */
function placeOf(
  parsed: ParsedKubectl,
  pin: Target,
): {
  readonly target: Target;
  readonly namespace: string | undefined;
  readonly wantsNamespace: boolean;
} {
  const { action } = parsed;
  const everywhere = (action.verb === 'get' || action.verb === 'describe') && action.allNamespaces;
  const kinds = 'kinds' in action ? action.kinds : [];
  const clusterWide = kinds.length > 0 && kinds.every((kind) => CLUSTER_SCOPED.test(kind));
  const wantsNamespace = !everywhere && !clusterWide;
  const namespace = everywhere ? undefined : (parsed.namespace ?? (clusterWide ? undefined : pin.namespace));
  const context = parsed.context ?? pin.context;
  const target: Target = {
    ...(context === undefined ? {} : { context }),
    // The pinned server's address says nothing about another context.
    ...(pin.server !== undefined && context === pin.context ? { server: pin.server } : {}),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return { target, namespace, wantsNamespace };
}

/** The written place without what is still unknown: an unfilled `<namespace>` differs from nothing yet. */
function settledPlace(
  { namespace, context, action }: ParsedKubectl,
  marked: MarkedWords,
): { readonly namespace: string | undefined; readonly context: string | undefined } {
  const known = (word: string | undefined): string | undefined =>
    word === undefined || marked.isOpen(word) ? undefined : word;
  const everywhere = (action.verb === 'get' || action.verb === 'describe') && action.allNamespaces;
  return { namespace: everywhere ? undefined : known(namespace), context: known(context) };
}

/** A value inside a name or a label must not bring a second name, kind or label with it. */
const secondNames = (parsed: ParsedKubectl, marked: MarkedWords): readonly string[] =>
  [...new Set(parsed.nameWords.flatMap(marked.valuesIn))]
    .filter((value) => !/^[A-Za-z0-9][\w.:-]*$/.test(value))
    .map((value) => `“${value}” cannot be part of a Kubernetes name or label.`);

function planHttp(
  { step, context, filled }: ReadCommand,
  parsed: Extract<ReturnType<typeof parseCurl>, { ok: true }>,
  tail: Tail,
  named: boolean,
  marked: MarkedWords,
): HttpPlan {
  const { request } = parsed;
  const risk = settled(riskOfHttp(request.method), named, step.attributes['ir.risk']);
  return {
    kind: 'http',
    stepId: step.id,
    original: step.command ?? '',
    preview: renderCurl(request, marked.quote) + tail.preview,
    risk,
    target: context.target,
    missing: filled.missing,
    traps: [
      ...incompleteArgument(filled.missing),
      ...invalidValues([...filled.invalid, ...parsed.invalid]),
      ...noCredentials(request.method, request.url, request.headers),
      ...grepTraps(tail.filters),
    ],
    timeoutMs: timeoutOf(step, risk === 'read' ? 'read' : 'change'),
    ...request,
    filters: tail.filters,
  };
}

/** The plan with every mark left in it replaced by the placeholder as the guide wrote it. */
function asWritten<T>(value: T, marked: MarkedWords): T {
  const walk = (each: unknown): unknown =>
    typeof each === 'string'
      ? marked.asWritten(each)
      : Array.isArray(each)
        ? each.map(walk)
        : typeof each === 'object' && each !== null
          ? Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, walk(inner)]))
          : each;
  return walk(value) as T;
}
