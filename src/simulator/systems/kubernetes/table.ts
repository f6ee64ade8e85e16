import type { Kinds, ResourceName } from '../../state/objects.ts';
import type { Column } from './columns.ts';
import { columns } from './columns.ts';

/** What each row carries of its object: `?includeObject=`. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Whether a client asks for server-side columns. */
export const wantsTable = (accept: string | undefined): boolean =>
  /application\/json;(?=[^,]*as=Table)(?=[^,]*g=meta\.k8s\.io)/.test(accept ?? '');

/**
 * The server-side table of some objects. Ages are told at `nowMs` (ms UTC).
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export function renderTable<R extends ResourceName>(
  resource: R,
  objects: readonly Kinds[R][],
  options: { nowMs: number; version: number; include?: IncludeObject; withoutColumns?: boolean },
): Record<string, unknown> {
  const definitions: readonly Column<Kinds[R]>[] = columns[resource];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: String(options.version) },
    columnDefinitions: options.withoutColumns
      ? null
      : definitions.map(({ name, type, priority }) => ({
          name,
          type: type ?? 'string',
          format: name === 'Name' ? 'name' : '',
          description: `${name} of the object`,
          priority: priority ?? 0,
        })),
    rows: objects.map((object) => ({
      cells: definitions.map(({ cell }) => cell(object, options.nowMs)),
      ...renderRowObject(object, options.include ?? 'Metadata'),
    })),
  };
}

function renderRowObject(object: Kinds[ResourceName], include: IncludeObject): Record<string, unknown> {
  switch (include) {
    case 'None':
      return {};
    case 'Object':
      return { object };
    case 'Metadata':
      return {
        object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
      };
  }
}
