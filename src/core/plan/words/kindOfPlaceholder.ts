import type { ValueKind } from '../plan.ts';

const RESOURCES: readonly (readonly [RegExp, ValueKind])[] = [
  [/^(?:po|pods?)$/, 'pod'],
  [/^(?:deploy|deployments?)(?:\.apps)?$/, 'deployment'],
  [/^(?:svc|services?)$/, 'service'],
  [/^(?:ing|ingress|ingresses)(?:\.networking\.k8s\.io)?$/, 'ingress'],
  [/^(?:ns|namespaces?)$/, 'namespace'],
];

/** The kind of value a Kubernetes resource word such as `svc` or `deployments.apps` names; undefined for others. */
export const kindOfResource = (word: string): ValueKind | undefined =>
  RESOURCES.find(([pattern]) => pattern.test(word.toLowerCase()))?.[1];

const NUMBER_FLAGS = new Set([
  '--replicas',
  '--current-replicas',
  '--tail',
  '--to-revision',
  '--port',
  '--grace-period',
  '--since-seconds',
]);
/** Only of these programs are they Go durations: `journalctl --since` takes a time, `argocd --timeout` bare seconds. */
const DURATION_FLAGS = new Set(['--since', '--timeout', '--request-timeout', '--pod-running-timeout']);
const DURATION_PROGRAMS = new Set('kubectl k oc helm stern'.split(' '));
/** The word behind it in an address is a flag's key, as in Unleash's and LaunchDarkly's own. */
const FLAG_ADDRESS = /^https?:\/\/.*\/(?:(?:flags|features|feature-flags|toggles)|api\/v2\/flags\/[^/]+)\/$/;
const NAMESPACE_FLAGS = new Set(['-n', '--namespace', '--app-namespace']);
const DATABASE_FLAGS: Readonly<Record<string, ValueKind>> = {
  '--db-cluster-identifier': 'db-cluster',
  '--db-instance-identifier': 'db-instance',
  '--target-db-instance-identifier': 'db-instance',
};
/** Only of these does `-n` name a namespace: `grep -n` and `aws cloudwatch --namespace` do not. */
const CLUSTER_PROGRAMS = new Set('kubectl k oc helm argocd stern flux istioctl kubens'.split(' '));
/** Flags that take a value from the next word, so that the word behind them is no object. */
const VALUE_FLAGS = new Set(
  (
    '-n --namespace --context -c --container -l --selector --since --since-time --tail -o --output --type -p --patch ' +
    '--replicas --current-replicas --to-revision --kubeconfig --cluster --user --server ' +
    '-N --app-namespace --kube-context --grpc-web-root-path --timeout --sync-policy --revision'
  ).split(' '),
);
const SERVICE_LABEL =
  /(?:^|,)(?:app|service|name|component|run|k8s-app|app\.kubernetes\.io\/(?:name|instance))={1,2}$/;

const NAMES: readonly (readonly [RegExp, ValueKind])[] = [
  [/^pod$/, 'pod'],
  [/^(?:deployment|deploy)$/, 'deployment'],
  [/^(?:service|svc|suspect|microservice|workload)$/, 'service'],
  [/^ingress$/, 'ingress'],
  [/^(?:namespace|ns)$/, 'namespace'],
  [/^(?:app|application)$/, 'app'],
  [/^(?:revision|rev)$/, 'revision'],
  [/^(?:feature|flag|feature-flag|toggle|feature-toggle)$/, 'flag'],
  [/^(?:n|number|count|replicas|lines|port|num)$/, 'number'],
];

/** What a name alone says: `pod`, `your-pod-name` and `failing-pod` are pods; most names are text. */
function kindOfName(name: string): ValueKind {
  const bare = name
    .replace(/^(?:your|my|the|a|an|affected|failing|target|old|new|previous)-/, '')
    .replace(/-?(?:name|id)$/, '');
  return NAMES.find(([pattern]) => pattern.test(bare))?.[1] ?? 'text';
}

/** Positional words (no flags, no values of flags) of one simple command, as indexes into `words`. */
function positionalsOf(words: readonly string[]): readonly number[] {
  return words.flatMap((word, index) =>
    word.startsWith('-') || VALUE_FLAGS.has(words[index - 1] ?? '') ? [] : [index],
  );
}

/**
 * What kind of value a place in a command wants: first by where it stands (`kubectl logs <x>` is a pod,
 * `-n <x>` a namespace), then by its name.
 * `words` is one simple command, roughly split; the placeholder begins at `offset` in the word at `index`.
 */
export function kindOfPlaceholder(
  words: readonly string[],
  index: number,
  offset: number,
  name: string,
): ValueKind {
  if (name === '...') return 'text';
  const before = (words[index] ?? '').slice(0, offset);
  const previous = words[index - 1] ?? '';
  if (words[0] === 'head' || words[0] === 'tail') return 'number';
  const inFlag = /^(--?[\w-]+)=?/.exec(before)?.[1];
  const flag = inFlag ?? (before === '' && previous.startsWith('-') ? previous : undefined);
  if (flag !== undefined) {
    if (NUMBER_FLAGS.has(flag) && /^(?:|--[\w-]+=)$/.test(before)) return 'number';
    if (Object.hasOwn(DATABASE_FLAGS, flag) && /^(?:|--[\w-]+=)$/.test(before))
      return DATABASE_FLAGS[flag] ?? 'text';
    const program = words.find((word) => CLUSTER_PROGRAMS.has(word)) ?? '';
    if (flag === '--revision' && program === 'argocd' && /^(?:|--[\w-]+=)$/.test(before)) return 'revision';
    if (flag === '--timeout' && program === 'argocd' && /^(?:|--[\w-]+=)$/.test(before)) return 'number';
    if (DURATION_FLAGS.has(flag) && DURATION_PROGRAMS.has(program) && /^(?:|--[\w-]+=)$/.test(before))
      return 'duration';
    const sourceType = words[words.indexOf('--source-type') + 1];
    if (flag === '--source-identifier' && (sourceType === 'db-cluster' || sourceType === 'db-instance'))
      return sourceType;
    const cluster = words.some((word) => CLUSTER_PROGRAMS.has(word));
    if (cluster && NAMESPACE_FLAGS.has(flag) && /^(?:|-n=?|--[\w-]+=)$/.test(before)) return 'namespace';
  }
  if (FLAG_ADDRESS.test(before)) return 'flag';
  if (SERVICE_LABEL.test(before.replace(/^(?:-l=?|--selector=)/, ''))) return 'service';
  const program = words.findIndex((word) => /^(?:kubectl|oc|argocd|helm)$/.test(word));
  const positionals = positionalsOf(words);
  const place = positionals.indexOf(index);
  if (program >= 0 && program < index && place >= 0) {
    const at = (back: number): string => words[positionals[place - back] ?? -1] ?? '';
    const typed = /^([\w.]+)\/$/.exec(before)?.[1];
    const byResource = kindOfResource(typed ?? at(1));
    if (words[program] === 'kubectl' || words[program] === 'oc') {
      if ((before === '' || typed !== undefined) && byResource) return byResource;
      if (before === '' && /^(?:logs|exec|attach|port-forward|debug)$/.test(at(1))) return 'pod';
    }
    if (words[program] === 'argocd' && before === '') {
      if (at(2) === 'app') return 'app';
      if (at(3) === 'app' && at(2) === 'rollback') return 'revision';
    }
    if (words[program] === 'helm' && before === '' && at(2) === 'rollback') return 'revision';
  }
  return kindOfName(name);
}
