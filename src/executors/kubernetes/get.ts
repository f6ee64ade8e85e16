import type { KubernetesAction } from '../../core/plan/kubernetesAction.ts';
import type { ApiFailure, ApiResult } from './apiFailure.ts';
import type { ResourceKind } from './discovery.ts';
import { kindName, pathOf } from './discovery.ts';
import type { KubeObject } from './objects.ts';
import { ageText, fetchObject, fetchObjects } from './objects.ts';
import type { ServerTable } from './table.ts';
import { parseTable, renderTable } from './table.ts';
import type { VerbContext, VerbOutcome } from './verb.ts';
import { failedVerb, failVerb, succeeded } from './verb.ts';
import { renderJson, renderYaml } from './yaml.ts';

export type GetAction = Extract<KubernetesAction, { verb: 'get' }>;

const tableAccept = ['v1', 'v1beta1']
  .map((version) => `application/json;as=Table;v=${version};g=meta.k8s.io`)
  .concat('application/json')
  .join(',');

interface Wanted {
  readonly kind: ResourceKind;
  readonly names: readonly string[];
}

/** kubectl get: what is there goes to stdout, what is not to stderr; any failure makes it exit code 1. */
export async function runGet(context: VerbContext, action: GetAction): Promise<VerbOutcome> {
  const wanted = await resolveWanted(context, action);
  if (!wanted.ok) return failVerb(context, wanted.failure);
  return action.output === 'table' || action.output === 'wide'
    ? printTables(context, action, wanted.value)
    : printObjects(context, action, wanted.value);
}

/** Resolves the kinds, each to be asked for each name; shared with describe. */
export async function resolveWanted(
  context: VerbContext,
  action: { readonly kinds: readonly string[]; readonly names: readonly string[] },
): Promise<ApiResult<readonly Wanted[]>> {
  const wanted: Wanted[] = [];
  for (const typed of action.kinds) {
    const found = await context.discovery.resolve(typed, context.signal);
    if (!found.ok) return found;
    for (const kind of found.value) wanted.push({ kind, names: action.names });
  }
  return { ok: true, value: wanted };
}

async function printTables(
  context: VerbContext,
  action: GetAction,
  wanted: readonly Wanted[],
): Promise<VerbOutcome> {
  const answers = await Promise.all(wanted.map((one) => fetchTables(context, action, one)));
  const failures = answers.flatMap((answer) => answer.failures);
  const blocks = wanted
    .map(({ kind }, index) => ({ kind, tables: answers[index]?.tables ?? [] }))
    .filter(({ tables }) => tables.length > 0);
  const severalKinds = blocks.length > 1;
  let printed = false;
  for (const { kind, tables } of blocks) {
    const first = tables[0];
    if (first === undefined) continue;
    const text = renderTable(
      { ...first, rows: tables.flatMap((table) => table.rows) },
      {
        wide: action.output === 'wide',
        headers: !action.noHeaders,
        withNamespace: action.allNamespaces && kind.namespaced,
        kindPrefix: severalKinds ? kindName(kind) : undefined,
      },
    );
    if (text === '') continue;
    const more = await context.output.write((printed && !action.noHeaders ? '\n' : '') + text);
    printed = true;
    if (!more) break;
  }
  return finish(context, action, wanted, failures, printed);
}

async function fetchTables(
  context: VerbContext,
  action: GetAction,
  { kind, names }: Wanted,
): Promise<{ readonly tables: readonly ServerTable[]; readonly failures: readonly ApiFailure[] }> {
  const { transport, signal } = context;
  const tables: ServerTable[] = [];
  const failures: ApiFailure[] = [];
  const namespace = action.allNamespaces ? undefined : context.namespace;
  if (names.length > 0) {
    const answers = await Promise.all(
      names.map((name) =>
        transport.json({ path: pathOf(kind, namespace, name), accept: tableAccept }, signal),
      ),
    );
    for (const answer of answers) {
      if (answer.ok) tables.push(tableOf(answer.value));
      else failures.push(answer.failure);
    }
    return { tables, failures };
  }
  let next: string | undefined;
  do {
    const answer = await transport.json(
      {
        path: pathOf(kind, namespace),
        accept: tableAccept,
        query: { labelSelector: action.selector, limit: 500, continue: next },
      },
      signal,
    );
    if (!answer.ok) {
      failures.push(answer.failure);
      break;
    }
    const table = tableOf(answer.value);
    tables.push(table);
    next = table.metadata?.continue || undefined;
  } while (next !== undefined);
  return { tables, failures };
}

/** A server that does not make tables gives objects: kubectl then shows name and age, and so do we. */
function tableOf(answer: unknown): ServerTable {
  const table = parseTable(answer);
  if (table !== undefined) return table;
  const object = answer as KubeObject & { readonly items?: readonly KubeObject[] };
  const items = object.items ?? [object];
  return {
    kind: 'Table',
    metadata: undefined,
    columnDefinitions: [
      { name: 'Name', priority: 0 },
      { name: 'Age', priority: 0 },
    ],
    rows: items.map((item) => ({
      cells: [item.metadata?.name ?? '', ageText(item.metadata?.creationTimestamp, Date.now())],
      object: { metadata: { name: item.metadata?.name, namespace: item.metadata?.namespace } },
    })),
  };
}

async function printObjects(
  context: VerbContext,
  action: GetAction,
  wanted: readonly Wanted[],
): Promise<VerbOutcome> {
  const namespace = action.allNamespaces ? undefined : context.namespace;
  const failures: ApiFailure[] = [];
  const objects: { readonly kind: ResourceKind; readonly object: KubeObject }[] = [];
  for (const { kind, names } of wanted) {
    if (names.length > 0) {
      const answers = await Promise.all(
        names.map((name) =>
          fetchObject<KubeObject>(context.transport, kind, context.namespace, name, context.signal),
        ),
      );
      for (const answer of answers) {
        if (answer.ok) objects.push({ kind, object: answer.value });
        else failures.push(answer.failure);
      }
      continue;
    }
    const list = await fetchObjects<KubeObject>(
      context.transport,
      kind,
      namespace,
      { labelSelector: action.selector },
      context.signal,
    );
    if (list.ok) objects.push(...list.value.map((object) => ({ kind, object })));
    else failures.push(list.failure);
  }
  const single = objects.length === 1 && wanted.length === 1 && wanted[0]?.names.length === 1;
  if (action.output === 'name') {
    await context.output.write(
      objects.map(({ kind, object }) => `${kindName(kind)}/${object.metadata?.name}\n`).join(''),
    );
    return finish(context, action, wanted, failures, objects.length > 0);
  }
  if (objects.length > 0 || failures.length === 0) {
    const shown = objects.map(({ object }) => withoutManagedFields(object));
    const document = single
      ? shown[0]
      : { apiVersion: 'v1', items: shown, kind: 'List', metadata: { resourceVersion: '' } };
    await context.output.write(action.output === 'json' ? renderJson(document) : renderYaml(document));
  }
  return finish(context, action, wanted, failures, true);
}

/** Nobody reads them, and kubectl leaves them out too unless asked. */
function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata === undefined) return object;
  const { managedFields: _left, ...metadata } = object.metadata as Record<string, unknown>;
  return { ...object, metadata };
}

async function finish(
  context: VerbContext,
  action: GetAction,
  wanted: readonly Wanted[],
  failures: readonly ApiFailure[],
  printed: boolean,
): Promise<VerbOutcome> {
  const stopped = failures.find((failure) => failure.code === 'cancelled');
  if (stopped !== undefined) return failedVerb(stopped);
  for (const failure of failures) await context.output.error(`${failure.message}\n`);
  const worst = failures.find((failure) => failure.status !== 404) ?? failures[0];
  if (worst !== undefined) {
    const others = failures.length - 1;
    return failedVerb(
      others > 0 ? { ...worst, message: `${worst.message} (and ${others} more, see the output)` } : worst,
    );
  }
  if (!printed) {
    const everywhere = action.allNamespaces || wanted.some(({ kind }) => !kind.namespaced);
    await context.output.error(
      `No resources found${everywhere ? '' : ` in ${context.namespace} namespace.`}\n`,
    );
  }
  return succeeded(printed ? undefined : 'No resources found.');
}
