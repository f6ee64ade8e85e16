import type { ApiFailure, ApiResult } from '../access/apiFailure.ts';
import { apiFailed } from '../access/apiFailure.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { isServices, kindName, pathOf } from '../objects/discovery.ts';
import type { GetAction, Printed } from './get.ts';
import { listFailure } from '../objects/listFailure.ts';
import type { KubeObject } from '../objects/objects.ts';
import { ageText } from '../objects/objects.ts';
import { sortByPath } from './sortBy.ts';
import type { ServerTable, TableLayout } from './table.ts';
import { parseTable, renderTable } from './table.ts';
import type { VerbContext } from '../verb.ts';
import type { Wanted } from './wanted.ts';

export const tableAccept = ['v1', 'v1beta1']
  .map((version) => `application/json;as=Table;v=${version};g=meta.k8s.io`)
  .concat('application/json')
  .join(',');

/** Prints what is there as the API server's own tables, one for each kind. */
export async function printTables(
  context: VerbContext,
  action: GetAction,
  wanted: readonly Wanted[],
): Promise<Printed> {
  const answers = await Promise.all(wanted.map((one) => fetchTables(context, action, one)));
  const failures = answers.flatMap((answer) => answer.failures);
  const blocks = wanted
    .map(({ kind }, index) => ({ kind, tables: answers[index]?.tables ?? [] }))
    .filter(({ tables }) => tables.length > 0);
  const severalKinds = new Set(blocks.map(({ kind }) => kindName(kind))).size > 1;
  let printed = false;
  for (const { kind, tables } of blocks) {
    const table = oneTable(action, tables);
    if (!table.ok) return { failures: [...failures, table.failure], printed };
    if (isServices(kind))
      context.listed?.(table.value.rows.map(({ object }) => (object ?? {}) as KubeObject));
    const text = renderTable(table.value, layoutOf(action, kind, severalKinds));
    if (text === '') continue;
    const more = await context.output.write((printed && !action.noHeaders ? '\n' : '') + text);
    printed = true;
    if (!more) break;
  }
  return { failures, printed };
}

export const layoutOf = (action: GetAction, kind: ResourceKind, severalKinds: boolean): TableLayout => ({
  wide: action.output === 'wide',
  headers: !action.noHeaders,
  withNamespace: action.allNamespaces && kind.namespaced,
  kindPrefix: severalKinds ? kindName(kind) : undefined,
  labelColumns: action.labelColumns ?? [],
  showLabels: action.showLabels ?? false,
});

/** The pages of one kind below each other, sorted when that is asked for. */
function oneTable(action: GetAction, tables: readonly ServerTable[]): ApiResult<ServerTable> {
  const [first] = tables;
  const rows = tables.flatMap((table) => table.rows);
  const whole: ServerTable = {
    kind: 'Table',
    metadata: first?.metadata,
    columnDefinitions: first?.columnDefinitions ?? [],
    rows,
  };
  if (action.sortBy === undefined) return { ok: true, value: whole };
  const sorted = sortByPath(rows, action.sortBy, (row) => row.object);
  return sorted.ok
    ? { ok: true, value: { ...whole, rows: [...sorted.value] } }
    : apiFailed({ code: 'invalid', message: `error: ${sorted.message}` });
}

/**
 * How much of each object comes beside its row: all of it for sorting and for what is looked up behind services, its
 * metadata for the columns made from it, else nothing. Metadata is several times the size of the rows.
 */
function objectsOf(
  { listed }: VerbContext,
  action: GetAction,
  kind: ResourceKind,
): 'Object' | 'Metadata' | 'None' {
  if (action.sortBy !== undefined || (listed !== undefined && isServices(kind))) return 'Object';
  const labels = action.showLabels === true || (action.labelColumns ?? []).length > 0;
  return labels || action.allNamespaces ? 'Metadata' : 'None';
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
  const includeObject = objectsOf(context, action, kind);
  if (names.length > 0) {
    const answers = await Promise.all(
      names.map((name) =>
        transport.json(
          { path: pathOf(kind, namespace, name), accept: tableAccept, query: { includeObject } },
          signal,
        ),
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
        query: {
          labelSelector: action.selector,
          fieldSelector: action.fieldSelector,
          includeObject,
          limit: 500,
          continue: next,
        },
      },
      signal,
    );
    if (!answer.ok) {
      failures.push(listFailure(answer.failure, kind, action));
      break;
    }
    const table = tableOf(answer.value);
    tables.push(table);
    next = table.metadata?.continue || undefined;
  } while (next !== undefined);
  return { tables, failures };
}

/** A server that does not make tables gives objects: kubectl then shows name and age, and so do we. */
export function tableOf(answer: unknown): ServerTable {
  const table = parseTable(answer);
  if (table !== undefined) return table;
  const object = answer as KubeObject & { readonly items?: readonly KubeObject[] };
  const items = object.items ?? [object];
  return {
    kind: 'Table',
    metadata: undefined,
    columnDefinitions: [
      { name: 'Name', format: 'name', priority: 0 },
      { name: 'Age', format: '', priority: 0 },
    ],
    rows: items.map((item) => ({
      cells: [item.metadata?.name ?? '', ageText(item.metadata?.creationTimestamp, Date.now())],
      object: item as Record<string, unknown>,
    })),
  };
}
