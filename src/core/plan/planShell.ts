import { awsShellTraps } from './aws/awsTraps.ts';
import { createMarkedWords } from './words/markedWord.ts';
import type { ShellPlan } from './plan.ts';
import type { ReadCommand } from './readCommand.ts';
import { isNamedReadOnly, raisedByGuide, riskOfShell } from './risk.ts';
import { dialectOf } from './words/interpreter.ts';
import { kubectlScriptTraps } from './kubectl/scriptTraps.ts';
import { folderOfStep } from './stepFolder.ts';
import { timeoutOf } from './timeout.ts';
import {
  elsewhere,
  incompleteArgument,
  invalidValues,
  runsInShell,
  shellTraps,
  targetTraps,
} from './traps.ts';

/**
 * Plans a command for the person's own shell: the guide's text with values filled in and quoted for where they
 * stand. Nothing else in it is changed.
 */
export function planShell(
  { step, context, filled, stages }: ReadCommand,
  reason: string,
  { interactive, interpreter }: { readonly interactive: boolean; readonly interpreter: string | undefined },
): ShellPlan {
  const { script } = filled;
  const marked = createMarkedWords(filled.slots);
  const words = stages?.map((stage) => stage.map((word) => marked.asWritten(marked.fill(word))));
  const base = riskOfShell(script);
  const simple = words?.length === 1 ? words[0] : undefined;
  const named = base === 'change' && isNamedReadOnly(simple, context.readOnlyPrefixes);
  const risk = raisedByGuide(named ? 'read' : base, step.attributes['ir.risk']);
  return {
    kind: 'shell',
    stepId: step.id,
    original: step.command ?? '',
    preview: script,
    risk,
    target: context.target,
    missing: filled.missing,
    traps: [
      runsInShell(reason, context.target),
      ...incompleteArgument(filled.missing),
      ...invalidValues(filled.invalid),
      ...writtenPlaces(script).flatMap((place) => targetTraps(place, context.target, risk !== 'read')),
      ...awsShellTraps(script, context.target, risk !== 'read'),
      ...shellTraps(script, words?.at(-1)?.[0]),
      ...(dialectOf(step) === 'posix'
        ? kubectlScriptTraps(filled.marked, { target: context.target, interactive, marked })
        : []),
    ],
    timeoutMs: timeoutOf(step, interactive ? 'endless' : 'shell'),
    script,
    interpreter,
    cwd: folderOfStep(step),
    interactive,
    ...(filled.secrets.length > 0 ? { secrets: filled.secrets } : {}),
  };
}

interface WrittenPlace {
  readonly namespace: string | undefined;
  readonly context: string | undefined;
}

const NAMESPACE = /^(?:-n=?|--namespace=)(.+)$/;
const CONTEXT = /^(?:--context|--kube-context)=(.+)$/;
const KUBECTL_ELSEWHERE = /^(?:--(?:kubeconfig|server|cluster)(?:=|$)|-s)/;
const HELM_ELSEWHERE = /^--(?:kubeconfig|kube-apiserver)(?:=|$)/;
const KEEPS_KUBECONFIG = /^(?:-E|--preserve-env(?:=.*\bKUBECONFIG\b.*)?)$/;
/** `KUBECONFIG=x`, `unset KUBECONFIG`, `env -u KUBECONFIG`, fish's `set -x KUBECONFIG x`, PowerShell's `$env:KUBECONFIG = x`. */
const OWN_KUBECONFIG =
  /(?:^|[\s;&|(:])KUBECONFIG\s?=|\b(?:unset|set)\s(?:[^\n;&|]*\s)?KUBECONFIG\b|(?:-u\s?|--unset[= ])KUBECONFIG\b/;
const EMPTY_ENVIRONMENT = /\benv\s+(?:-\S*\s+)*?(?:-i\b|--ignore-environment\b|-\s)/;
const PLAIN_VALUE = /^[\w.:@/-]+$/;

/** Namespaces and contexts named for kubectl or helm anywhere in a script, each differing pair once; roughly split. */
function writtenPlaces(script: string): readonly WrittenPlace[] {
  const places = new Map<string, WrittenPlace>();
  const unquoted = script.replace(/\\\n/g, ' ').replace(/['"]/g, '');
  const commands = /(?:kubectl|helm|oc|k)(?:[\s;|&()`]|$)/.test(unquoted)
    ? unquoted.split(/[\n;|&()`]+/)
    : [];
  for (const command of commands) {
    const words = command.split(/\s+/).filter(Boolean);
    const start = words.findIndex((word) => /^(?:.*\/)?(?:kubectl|helm|oc|k)$/.test(word));
    if (start < 0) continue;
    const end = words.indexOf('--', start);
    const own = words.slice(start + 1, end < 0 ? undefined : end);
    const helm = /helm$/.test(words[start] ?? '');
    const find = (attached: RegExp, separate: readonly string[]): string | undefined => {
      const hits = own.flatMap((word, index) => {
        const value = separate.includes(word) ? own[index + 1] : attached.exec(word)?.[1];
        return value !== undefined && PLAIN_VALUE.test(value) ? [value] : [];
      });
      return hits.at(-1);
    };
    const namespace = find(NAMESPACE, ['-n', '--namespace']);
    // Another kubeconfig leaves the pinned cluster as surely as another context does; sudo takes KUBECONFIG away.
    const foreign =
      own.some((word) => (helm ? HELM_ELSEWHERE : KUBECTL_ELSEWHERE).test(word)) ||
      (words.slice(0, start).includes('sudo') && !words.some((word) => KEEPS_KUBECONFIG.test(word)));
    const context = find(CONTEXT, ['--context', '--kube-context']) ?? (foreign ? elsewhere : undefined);
    places.set(`${namespace ?? ''} ${context ?? ''}`, { namespace, context });
  }
  if (OWN_KUBECONFIG.test(script) || (places.size > 0 && EMPTY_ENVIRONMENT.test(script)))
    places.set('KUBECONFIG', { namespace: undefined, context: elsewhere });
  return [...places.values()];
}
