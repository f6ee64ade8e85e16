import { parseCustomColumns } from '../../../core/plan/kubectl/jsonPath.ts';
import type { ApiFailure } from '../access/apiFailure.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { isServices, kindName } from '../objects/discovery.ts';
import type { GetAction, Printed } from './get.ts';
import { goText } from './goText.ts';
import type { Found } from './jsonPath.ts';
import { findJsonPath, renderJsonPath } from './jsonPath.ts';
import { listFailure } from '../objects/listFailure.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObject, fetchObjects } from '../objects/objects.ts';
import { sortByPath } from './sortBy.ts';
import { renderColumns } from './table.ts';
import { withoutEscapes } from './tabWriter.ts';
import type { VerbContext } from '../verb.ts';
import type { Wanted } from './wanted.ts';
import { renderJson, renderYaml } from '../objects/yaml.ts';

interface Item {
  readonly kind: ResourceKind;
  readonly object: KubeObject;
}

/** Prints what is there in one of the formats that are made of the objects themselves. */
export async function printObjects(
  context: VerbContext,
  action: GetAction,
  wanted: readonly Wanted[],
): Promise<Printed> {
  const answers = await Promise.all(wanted.map((one) => fetchWanted(context, action, one)));
  const failures = answers.flatMap((answer) => answer.failures);
  const found = answers.flatMap((answer) => answer.items);
  const services = found.filter(({ kind }) => isServices(kind));
  if (services.length > 0) context.listed?.(services.map(({ object }) => object));
  const isSingle = wanted.length === 1 && wanted[0]?.names.length === 1;
  if (found.length === 0 && (failures.length > 0 || (isSingle && action.ignoreNotFound === true)))
    return { failures, printed: false };
  const sorted =
    action.sortBy === undefined || found.length < 2
      ? { ok: true as const, value: found }
      : sortByPath(found, action.sortBy, ({ object }) => object);
  const text = sorted.ok ? renderItems(action, sorted.value, isSingle) : sorted;
  if (!text.ok) {
    const failure: ApiFailure = { code: 'invalid', message: `error: ${text.message}` };
    return { failures: [...failures, failure], printed: false };
  }
  await context.output.write(text.value);
  return { failures, printed: true };
}

async function fetchWanted(
  context: VerbContext,
  action: GetAction,
  { kind, names }: Wanted,
): Promise<{ readonly items: readonly Item[]; readonly failures: readonly ApiFailure[] }> {
  const { transport, signal } = context;
  const answers =
    names.length > 0
      ? await Promise.all(
          names.map(async (name) => {
            const one = await fetchObject<KubeObject>(transport, kind, context.namespace, name, signal);
            return one.ok ? { ok: true as const, value: [one.value] } : one;
          }),
        )
      : [
          await fetchObjects<KubeObject>(
            transport,
            kind,
            action.allNamespaces ? undefined : context.namespace,
            { labelSelector: action.selector, fieldSelector: action.fieldSelector },
            signal,
          ),
        ];
  return {
    items: answers.flatMap((answer) => (answer.ok ? answer.value.map((object) => ({ kind, object })) : [])),
    failures: answers.flatMap((answer) =>
      answer.ok ? [] : [names.length > 0 ? answer.failure : listFailure(answer.failure, kind, action)],
    ),
  };
}

/** What `action.output` makes of these objects. `isSingle`: one was asked for by name, so no list is put around it. */
export function renderItems(action: GetAction, items: readonly Item[], isSingle: boolean): Found<string> {
  if (action.output === 'name')
    return {
      ok: true,
      value: items.map(({ kind, object }) => `${kindName(kind)}/${object.metadata?.name}\n`).join(''),
    };
  const objects = items.map(({ object }) =>
    action.showManagedFields === true ? object : withoutManagedFields(object),
  );
  if (action.output === 'custom-columns') return renderCustomColumns(action, objects);
  const document =
    isSingle && objects.length === 1
      ? objects[0]
      : { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } };
  if (action.output === 'jsonpath') {
    const template = action.template ?? '';
    const text = renderJsonPath(template, document);
    return text.ok
      ? text
      : { ok: false, message: `error executing jsonpath ${JSON.stringify(template)}: ${text.message}` };
  }
  return { ok: true, value: action.output === 'json' ? renderJson(document) : renderYaml(document) };
}

function renderCustomColumns(action: GetAction, objects: readonly KubeObject[]): Found<string> {
  const columns = parseCustomColumns(action.template ?? '') ?? [];
  const lines: string[][] = action.noHeaders ? [] : [columns.map(({ header }) => header)];
  for (const object of objects) {
    const line: string[] = [];
    for (const { template } of columns) {
      const found = findJsonPath(template, object);
      if (!found.ok) return found;
      const values = found.value.flat().map((value) => withoutEscapes(goText(value)));
      line.push(values.length === 0 ? '<none>' : values.join(','));
    }
    lines.push(line);
  }
  return { ok: true, value: renderColumns(lines) };
}

/** Nobody reads them, and kubectl leaves them out too unless asked. */
function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata === undefined) return object;
  const { managedFields: _left, ...metadata } = object.metadata as Record<string, unknown>;
  return { ...object, metadata };
}
