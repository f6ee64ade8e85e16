import type { Resource } from '../../state/resources.ts';
import { groupVersion, resources } from '../../state/resources.ts';

/**
 * The little of the API's description a client needs: that each kind can be patched with `dryRun`. kubectl asks
 * for it before a server-side dry run; up to 1.26 as OpenAPI v2 in protobuf, later as OpenAPI v3 in JSON.
 */
const patchable = resources.filter(({ verbs }) => verbs.includes('patch'));

const pathOf = (resource: Resource): string =>
  `${prefixOf(groupVersion(resource))}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.name}/{name}`;

const prefixOf = (text: string): string => (text === 'v1' ? '/api/v1' : `/apis/${text}`);

/** The index at `/openapi/v3`. */
export const renderOpenApiIndex = (): Record<string, unknown> => ({
  paths: Object.fromEntries(
    [...new Set(resources.map(groupVersion))].map((text) => {
      const path = prefixOf(text).slice(1);
      return [path, { serverRelativeURL: `/openapi/v3/${path}` }];
    }),
  ),
});

/** One group version at `/openapi/v3/apis/…`, or undefined for a group that is not served. */
export function renderOpenApiGroup(path: string): Record<string, unknown> | undefined {
  const mine = resources.filter((resource) => prefixOf(groupVersion(resource)).slice(1) === path);
  if (mine.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Simulated production', version: 'v1.33.1' },
    paths: Object.fromEntries(
      mine
        .filter((resource) => patchable.includes(resource))
        .map((resource) => [
          pathOf(resource),
          {
            patch: {
              parameters: [{ name: 'dryRun', in: 'query', schema: { type: 'string' } }],
              responses: { 200: { description: 'OK' } },
              'x-kubernetes-group-version-kind': {
                group: resource.group,
                kind: resource.kind,
                version: resource.version,
              },
            },
          },
        ]),
    ),
  };
}

/** A length-delimited protobuf field. Source: https://protobuf.dev/programming-guides/encoding/ */
function field(number: number, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const head = [(number << 3) | 2];
  let length = bytes.length;
  while (length > 127) {
    head.push((length & 127) | 128);
    length >>>= 7;
  }
  head.push(length);
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** `/openapi/v2` as gnostic's `openapi.v2.Document`; field numbers are those of its OpenAPIv2.proto. */
export function renderOpenApiV2(): Buffer {
  const query = field(3, Buffer.concat([field(2, 'query'), field(4, 'dryRun'), field(6, 'string')]));
  const parameter = field(1, field(2, query));
  const paths = patchable.map((resource) => {
    const { group, kind, version } = resource;
    const yaml = `group: ${JSON.stringify(group)}\nkind: ${kind}\nversion: ${version}\n`;
    const extension = Buffer.concat([field(1, 'x-kubernetes-group-version-kind'), field(2, field(2, yaml))]);
    const operation = Buffer.concat([field(8, parameter), field(13, extension)]);
    return field(2, Buffer.concat([field(1, pathOf(resource)), field(2, field(8, operation))]));
  });
  const info = Buffer.concat([field(1, 'Simulated production'), field(2, 'v1.33.1')]);
  return Buffer.concat([field(1, '2.0'), field(2, info), field(8, Buffer.concat(paths))]);
}

export const openApiV2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
