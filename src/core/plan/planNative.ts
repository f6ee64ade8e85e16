import { parseArgoCd } from './argocd/argoCdGrammar.ts';
import { parseAws } from './aws/awsGrammar.ts';
import { parseFilter, renderFilter } from './filters/filterGrammar.ts';
import { parseKubectl } from './kubectl/kubectlGrammar.ts';
import type { ParsedKubectl } from './kubectl/kubectlGrammar.ts';
import { createMarkedWords } from './words/markedWord.ts';
import type { MarkedWords } from './words/markedWord.ts';
import type {
  ArgoCdPlan,
  Filter,
  FlagPlan,
  HttpPlan,
  KubernetesPlan,
  RdsPlan,
  Risk,
  Target,
} from './plan.ts';
import { planArgoCd } from './argocd/planArgoCd.ts';
import { planCurl } from './curl/planCurl.ts';
import { planRds } from './aws/planRds.ts';
import type { ReadCommand } from './readCommand.ts';
import { renderKubectl } from './kubectl/renderKubectl.ts';
import { refuseSecondNames } from './kubectl/refuseSecondNames.ts';
import { isClusterWide, isEverywhere } from './kubectl/namespaceOfAction.ts';
import { isNamedReadOnly, raisedByGuide, riskOfArgoCd, riskOfKubernetes } from './risk.ts';
import { folderOfStep } from './stepFolder.ts';
import { timeoutOf } from './timeout.ts';
import {
  grepTraps,
  incompleteArgument,
  invalidValues,
  kubernetesTraps,
  noContext,
  noNamespace,
  targetTraps,
} from './traps.ts';

export type NativeResult =
  | { readonly ok: true; readonly plan: KubernetesPlan | ArgoCdPlan | RdsPlan | HttpPlan | FlagPlan }
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
  if (program !== 'kubectl' && program !== 'curl' && program !== 'aws' && program !== 'argocd')
    return shell(`${program || 'an empty word'} has no plan of its own yet`);
  // Only a shell can hand a secret over without its value becoming part of a plan; requests carry it by name.
  const secretive =
    read.filled.secrets.length === 0
      ? undefined
      : (program === 'curl' ? piped : [first, ...piped]).flat().find(marked.hasSecret);
  if (secretive !== undefined) return shell(`${program} gets a secret in ${secretive}`);

  const filters: Filter[] = [];
  let preview = '';
  for (const stage of piped) {
    const parsed = parseFilter(stage, marked.fill, marked.isOpen);
    if (!parsed.ok) return shell(parsed.reason);
    filters.push(parsed.filter);
    preview += ` | ${renderFilter(parsed.filter, marked.quote, marked.quote(parsed.openLines ?? ''))}`;
  }
  const { readOnlyPrefixes } = read.context;
  const named =
    readOnlyPrefixes.length > 0 &&
    isNamedReadOnly(
      piped.length === 0 ? first.map((word) => marked.asWritten(marked.fill(word))) : undefined,
      readOnlyPrefixes,
    );
  const tail = { filters, preview };
  if (program === 'curl') {
    const plan = planCurl(read, words, { ...tail, named }, marked);
    return 'reason' in plan ? shell(plan.reason) : { ok: true, plan: asWritten(plan, marked) };
  }
  if (program === 'argocd') {
    const parsed = parseArgoCd(words, marked);
    if (!parsed.ok) return shell(parsed.reason);
    const risk = settled(riskOfArgoCd(parsed.value.action), named, read.step.attributes['ir.risk']);
    return { ok: true, plan: asWritten(planArgoCd(read, parsed.value, risk, tail, marked), marked) };
  }
  if (program === 'aws') {
    const parsed = parseAws(words, marked);
    if (!parsed.ok) return shell(parsed.reason);
    if (filters.length > 0 && !('output' in parsed.value.action))
      return shell('a change is not filtered here');
    return { ok: true, plan: asWritten(planRds(read, parsed.value, tail, marked), marked) };
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
    ...invalidValues([...filled.invalid, ...refuseSecondNames(parsed, marked)]),
    ...(place.target.context === undefined ? [noContext()] : []),
    ...targetTraps(settledPlace(parsed, marked), context.target, changes),
    ...(place.wantsNamespace && place.namespace === undefined ? [noNamespace(changes)] : []),
    ...kubernetesTraps(parsed),
    ...grepTraps(tail.filters),
  ];
  const follows =
    (action.verb === 'logs' && action.follow) || (action.verb === 'get' && action.watch !== undefined);
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
    timeoutMs: longEnough(
      timeoutOf(step, follows ? 'endless' : waits ? 'rollout' : changes ? 'change' : 'read'),
      step.attributes['ir.timeout'] === undefined ? waitedSeconds(action) : undefined,
    ),
    action,
    ...(namesFiles(action) ? { cwd: folderOfStep(step) ?? '.' } : {}),
    filters: tail.filters,
  };
}

const namesFiles = (action: KubernetesPlan['action']): boolean =>
  ('files' in action && action.files.length > 0) || ('patchFile' in action && action.patchFile !== undefined);

/** How long the command itself says that it waits, seconds. */
function waitedSeconds(action: KubernetesPlan['action']): number | undefined {
  if (action.verb === 'scale') return action.wait?.seconds;
  return action.verb === 'rollout' || action.verb === 'delete' ? action.timeoutSeconds : undefined;
}

/** A step that waits by its own words must not be ended by us before. */
const longEnough = (timeoutMs: number | undefined, seconds: number | undefined): number | undefined =>
  timeoutMs === undefined || seconds === undefined
    ? timeoutMs
    : Math.min(Math.max(timeoutMs, (seconds + 30) * 1000), 2 ** 31 - 1);

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
  const everywhere = isEverywhere(action);
  const clusterWide = isClusterWide(action);
  const namespace = everywhere ? undefined : (parsed.namespace ?? (clusterWide ? undefined : pin.namespace));
  const context = parsed.context ?? pin.context;
  const target: Target = {
    ...(context === undefined ? {} : { context }),
    // The pinned server's address says nothing about another context.
    ...(pin.server !== undefined && context === pin.context ? { server: pin.server } : {}),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return { target, namespace, wantsNamespace: !everywhere && !clusterWide };
}

/** The written place without what is still unknown: an unfilled `<namespace>` differs from nothing yet. */
function settledPlace(
  { namespace, context, action }: ParsedKubectl,
  marked: MarkedWords,
): { readonly namespace: string | undefined; readonly context: string | undefined } {
  const known = (word: string | undefined): string | undefined =>
    word === undefined || marked.isOpen(word) ? undefined : word;
  const everywhere = 'allNamespaces' in action && action.allNamespaces;
  return { namespace: everywhere ? undefined : known(namespace), context: known(context) };
}

/** The plan with every mark left in it replaced by the placeholder as the guide wrote it. */
function asWritten<T>(value: T, marked: MarkedWords): T {
  if (marked.count === 0) return value;
  const walk = (each: unknown): unknown => {
    if (typeof each === 'string') return marked.asWritten(each);
    if (typeof each !== 'object' || each === null) return each;
    // A part without marks stays the same object.
    if (Array.isArray(each)) {
      const written = each.map(walk);
      return written.some((inner, index) => inner !== each[index]) ? written : each;
    }
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(each)) {
      const inner = (each as Record<string, unknown>)[key];
      const written = walk(inner);
      if (written !== inner) (copy ??= { ...each })[key] = written;
    }
    return copy ?? each;
  };
  return walk(value) as T;
}
