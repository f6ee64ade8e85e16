import { kindOfResource } from './words/kindOfPlaceholder.ts';
import { namesOfArgoCd } from './argocd/namesOfArgoCd.ts';
import type { Plan } from './plan.ts';

interface SeenName {
  readonly kind: string;
  readonly name: string;
  readonly troubled: boolean;
}

/** Reading more rows than this for suggestions would only make a list that nobody reads. */
const MOST_LINES = 5000;

/**
 * Names that a run's output shows, by kind, to be offered as values later: pods, deployments, services, ingresses
 * and namespaces of `kubectl get` (plain, wide, `-A`, several kinds, `-o name`), apps of `argocd app list` and ids of its history.
 * Pods that are in trouble come first, then in the order shown. A shell's output is read where it has a table's
 * header. Gives an empty record for anything else.
 */
export function namesSeen(plan: Plan, output: string): Readonly<Record<string, readonly string[]>> {
  const lines = output.replace(/\r/g, '').split('\n', MOST_LINES);
  const seen =
    plan.kind === 'kubernetes' && plan.action.verb === 'get'
      ? // What a template prints may be anything: an image is no pod's name.
        plan.action.output === 'jsonpath'
        ? []
        : namesInTables(lines, plan.action.kinds, plan.action.allNamespaces)
      : plan.kind === 'rds' || (plan.kind === 'shell' && /\baws\b.*\brds\b/s.test(plan.script))
        ? databasesIn(lines)
        : plan.kind === 'argocd' ||
            (plan.kind === 'shell' && /\bargocd\s+app\s+(?:history|list)\b/.test(plan.script))
          ? namesOfArgoCd(
              lines,
              plan.kind === 'argocd' && plan.action.verb === 'list' && plan.action.output === 'name',
            )
          : plan.kind === 'shell' && /\b(?:kubectl|oc|k)\b/.test(plan.script)
            ? namesInTables(lines, undefined, false)
            : [];
  const found: Record<string, string[]> = {};
  for (const troubled of [true, false])
    for (const each of seen) {
      if (each.troubled !== troubled) continue;
      const names = (found[each.kind] ??= []);
      if (!names.includes(each.name)) names.push(each.name);
    }
  return found;
}

interface Header {
  readonly columns: readonly string[];
  readonly kind: string | undefined;
}

const NAME = /^[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$/;

/** `kinds` are those of the plan; undefined for a shell, whose output counts only below a header. */
function namesInTables(
  lines: readonly string[],
  kinds: readonly string[] | undefined,
  allNamespaces: boolean,
): readonly SeenName[] {
  const only = kinds?.length === 1 ? kindOfResource(kinds[0] ?? '') : undefined;
  let header: Header | undefined;
  return lines.flatMap((line): SeenName[] => {
    if (line.trim() === '') {
      header = undefined; // a new table of another kind may follow
      return [];
    }
    const cells = line.trim().split(/\s{2,}/);
    if (/^(?:NAMESPACE\s+)?NAME(?:\s|$)/.test(line)) {
      header = { columns: cells, kind: kindOfHeader(cells) ?? only };
      return [];
    }
    if (kinds === undefined && !header) return [];
    const at = header ? header.columns.indexOf('NAME') : allNamespaces && cells.length > 1 ? 1 : 0;
    const [, prefix, name] = /^(?:([a-z0-9.-]+)\/)?([^\s/]+)$/.exec(cells[at] ?? '') ?? [];
    const kind = prefix === undefined ? (header?.kind ?? only) : kindOfResource(prefix);
    if (kind === undefined || name === undefined || !NAME.test(name)) return [];
    return [{ kind, name, troubled: kind === 'pod' && isTroubled(cells, header, at) }];
  });
}

/** Shells do not say which kind they asked for; kubectl's own columns do. */
function kindOfHeader(columns: readonly string[]): string | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => columns.includes(name));
  if (has('READY', 'STATUS', 'RESTARTS')) return 'pod';
  if (has('UP-TO-DATE', 'AVAILABLE') && !has('DESIRED')) return 'deployment';
  if (has('CLUSTER-IP')) return 'service';
  if (has('HOSTS', 'ADDRESS')) return 'ingress';
  return undefined;
}

/** Not running as it should, or restarted: STATUS, RESTARTS and READY as `kubectl get pods` shows them. */
function isTroubled(cells: readonly string[], header: Header | undefined, at: number): boolean {
  const cell = (name: string, offset: number): string => {
    const index = header?.columns.indexOf(name) ?? -1;
    return cells[index >= 0 ? index : at + offset] ?? '';
  };
  if (cells.length < at + 4) return false; // `-o name`, or a cut table
  const status = cell('STATUS', 2);
  const [ready, of] = cell('READY', 1).split('/');
  return (
    (status !== 'Running' && status !== 'Completed') ||
    Number.parseInt(cell('RESTARTS', 3), 10) > 0 ||
    (status === 'Running' && ready !== of)
  );
}

/** Databases of `aws rds describe-*`: the first column of our tables, the identifiers in the AWS CLI's JSON. */
function databasesIn(lines: readonly string[]): readonly SeenName[] {
  const kinds: Readonly<Record<string, string>> = {
    INSTANCE: 'db-instance',
    MEMBER: 'db-instance',
    CLUSTER: 'db-cluster',
    DBInstanceIdentifier: 'db-instance',
    DBClusterIdentifier: 'db-cluster',
  };
  let kind: string | undefined;
  return lines.flatMap((line): SeenName[] => {
    const [, key = '', quoted] = /^\s*"(DB(?:Instance|Cluster)Identifier)": "([^"]+)"/.exec(line) ?? [];
    const [first = ''] = line.split(/\s{2,}/, 1);
    if (quoted === undefined && (first === '' || Object.hasOwn(kinds, first))) {
      kind = kinds[first];
      return [];
    }
    const [of, name] = quoted === undefined ? [kind, first] : [kinds[key], quoted];
    return of !== undefined && NAME.test(name) ? [{ kind: of, name, troubled: false }] : [];
  });
}
