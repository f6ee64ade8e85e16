import type { KubeObject } from './objects.ts';

/** How wide kubectl's label column is in a description. */
const labelWidth = 18;

/** `Name:             payment-service`; several values go below each other. */
export function line(label: string, value: string | number | readonly string[] | undefined): string {
  const values = Array.isArray(value)
    ? (value as readonly string[])
    : [value === undefined || value === '' ? '<none>' : String(value)];
  const shown = values.length === 0 ? ['<none>'] : values;
  return shown
    .map((one, index) => (index === 0 ? `${label}: ` : '').padEnd(labelWidth) + one + '\n')
    .join('');
}

/** A heading with an indented body below it. */
export const section = (heading: string, body: string): string =>
  `${heading}\n${body.replace(/^(?=.)/gm, '  ')}`;

export const pairs = (
  record: Readonly<Record<string, string>> | undefined,
  between = '=',
): readonly string[] =>
  Object.entries(record ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}${between}${value}`);

/** Annotations without what kubectl itself stores there: a copy of the whole object nobody reads. */
export const annotations = (object: KubeObject): readonly string[] =>
  pairs(object.metadata?.annotations, ': ').filter(
    (pair) => !pair.startsWith('kubectl.kubernetes.io/last-applied'),
  );

/** Name, namespace, labels and annotations: how every description starts. */
export function commonLines(object: KubeObject, namespaced = true): string {
  const { name, namespace, labels } = object.metadata ?? {};
  return (
    line('Name', name) +
    (namespaced ? line('Namespace', namespace) : '') +
    line('Labels', pairs(labels)) +
    line('Annotations', annotations(object))
  );
}
