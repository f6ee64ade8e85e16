import { setTimeout as delay } from 'node:timers/promises';
import type { ApiFailure, ApiResult } from '../access/apiFailure.ts';
import { pathOf } from '../objects/discovery.ts';
import type { GetAction } from './get.ts';
import { renderItems } from './getObjects.ts';
import { layoutOf, tableAccept, tableOf } from './getTables.ts';
import { numberAt, textAt } from '../look/look.ts';
import type { KubeObject } from '../objects/objects.ts';
import type { ServerTable } from './table.ts';
import { renderColumns, tableLines } from './table.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';
import type { Wanted } from './wanted.ts';
import { watchEvents } from '../objects/watchEvents.ts';

/** A server that ends every watch at once must not be asked without a pause, milliseconds. */
const rewatchAfterMs = 500;

/**
 * kubectl get --watch: what is there (unless only changes are wanted), then a row for each change until stopped. A
 * watch that the server or a proxy ends goes on where it was; kubectl would end there.
 */
export async function runWatch(
  context: VerbContext,
  action: GetAction,
  wanted: Wanted,
): Promise<VerbOutcome> {
  const { transport, signal } = context;
  const print = createPrinter(context, action, wanted);
  let version: string | undefined;
  let first = true;
  for (;;) {
    if (version === undefined) {
      const there = await fetchNow(context, action, wanted);
      if (!there.ok) {
        if (there.failure.status === 404 && action.ignoreNotFound === true && first) return succeeded();
        return failVerb(context, there.failure);
      }
      version = versionOf(there.value);
      if (!first) await context.output.error('The watch was lost for a while; this is what is there now.\n');
      if ((action.watch === 'list' || !first) && !(await print(there.value))) return succeeded();
      first = false;
    }
    const watch = await transport.stream(
      {
        path: pathOf(wanted.kind, action.allNamespaces ? undefined : context.namespace),
        query: {
          ...selectionOf(action, wanted),
          watch: true,
          resourceVersion: version,
          allowWatchBookmarks: true,
        },
        accept: acceptOf(action),
        endless: true,
      },
      signal,
    );
    if (!watch.ok && watch.failure.status !== 410) return failVerb(context, watch.failure);
    if (!watch.ok) version = undefined;
    else {
      try {
        for await (const event of watchEvents(watch.value)) {
          if (event.type === 'ERROR') {
            // Too old to go on from: start over with what is there now.
            if (numberAt(event.object, 'code') !== 410) {
              const failure = statusFailure(event.object);
              if (failure !== undefined) return await failVerb(context, failure);
            }
            version = undefined;
            break;
          }
          version = versionOf(event.object) ?? version;
          if (event.type !== 'BOOKMARK' && !(await print(event.object))) return succeeded();
        }
      } catch (thrown) {
        if (transport.cutOff(thrown, signal).code === 'cancelled') return { kind: 'stopped' };
      }
    }
    await delay(rewatchAfterMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return { kind: 'stopped' };
  }
}

function statusFailure(status: unknown): ApiFailure | undefined {
  const message = textAt(status, 'message');
  return message === '' ? undefined : { code: 'failed', message: `Error from server: ${message}` };
}

const isTabular = ({ output }: GetAction): boolean => output === 'table' || output === 'wide';
const acceptOf = (action: GetAction): string => (isTabular(action) ? tableAccept : 'application/json');

/** One object is watched as a list of one. */
function selectionOf(
  action: GetAction,
  { names }: Wanted,
): { readonly labelSelector: string | undefined; readonly fieldSelector: string | undefined } {
  const byName = names[0] === undefined ? undefined : `metadata.name=${names[0]}`;
  return {
    labelSelector: action.selector,
    fieldSelector: [byName, action.fieldSelector].filter((part) => part !== undefined).join(',') || undefined,
  };
}

function fetchNow(context: VerbContext, action: GetAction, wanted: Wanted): Promise<ApiResult<unknown>> {
  const namespace = action.allNamespaces ? undefined : context.namespace;
  const [name] = wanted.names;
  const query = name === undefined ? selectionOf(action, wanted) : {};
  return context.transport.json(
    { path: pathOf(wanted.kind, namespace, name), query, accept: acceptOf(action) },
    context.signal,
  );
}

/** Where a watch goes on: the version of a list, a table, a table's only row, or an object. */
function versionOf(answer: unknown): string | undefined {
  const own = textAt(answer, 'metadata.resourceVersion');
  if (own !== '') return own;
  const rows = (answer as Partial<ServerTable> | undefined)?.rows;
  return rows?.at(-1)?.object?.metadata?.resourceVersion ?? undefined;
}

/** Prints a list, a table or one object in the action's format; false once the filters need no more. */
function createPrinter(
  { output }: VerbContext,
  action: GetAction,
  { kind }: Wanted,
): (answer: unknown) => Promise<boolean> {
  const widths: number[] = [];
  let columns: ServerTable['columnDefinitions'] | undefined;
  return async (answer) => {
    if (!isTabular(action)) {
      const list = answer as KubeObject & { readonly items?: readonly KubeObject[] };
      for (const object of list.items ?? [list]) {
        const item = { apiVersion: list.apiVersion ?? '', kind: kind.kind, ...object };
        const text = renderItems(
          // Columns are named once.
          columns === undefined ? action : { ...action, noHeaders: true },
          [{ kind, object: item }],
          true,
        );
        columns = [];
        if (!(await output.write(text.ok ? text.value : `error: ${text.message}\n`))) return false;
      }
      return true;
    }
    const table = tableOf(answer);
    const told = table.columnDefinitions.length > 0 ? table.columnDefinitions : (columns ?? []);
    const isNew = columns === undefined || !sameColumns(columns, told);
    if (table.rows.length === 0) return true;
    columns = told;
    const layout = layoutOf(action, kind, false);
    const lines = tableLines(
      { ...table, columnDefinitions: told },
      { ...layout, headers: layout.headers && isNew },
    );
    return output.write(renderColumns(lines, widths));
  };
}

const sameColumns = (a: ServerTable['columnDefinitions'], b: ServerTable['columnDefinitions']): boolean =>
  a.length === b.length && a.every(({ name }, index) => name === b[index]?.name);
