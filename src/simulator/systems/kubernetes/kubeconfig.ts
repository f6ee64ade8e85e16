/** One context of the kubeconfig the simulator writes; its cluster and user carry the same name. */
export interface KubeconfigContext {
  readonly name: string;
  readonly server: string;
  readonly namespace: string;
}

/** The first line of every kubeconfig the simulator writes: what lacks it is someone else's. */
export const kubeconfigMarker = '# Written by the Incident Response simulator. ';

/**
 * A kubeconfig as YAML. The users carry no credentials: clients send none over plain HTTP anyway.
 * Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export function renderKubeconfig(contexts: readonly KubeconfigContext[], current: string): string {
  const quoted = (text: string): string => JSON.stringify(text);
  const lines = [
    `${kubeconfigMarker}It is replaced at every start.`,
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${quoted(current)}`,
    'preferences: {}',
    'clusters:',
    ...contexts.flatMap(({ name, server }) => [
      `- name: ${quoted(name)}`,
      '  cluster:',
      `    server: ${quoted(server)}`,
    ]),
    'users:',
    ...contexts.flatMap(({ name }) => [`- name: ${quoted(name)}`, '  user: {}']),
    'contexts:',
    ...contexts.flatMap(({ name, namespace }) => [
      `- name: ${quoted(name)}`,
      '  context:',
      `    cluster: ${quoted(name)}`,
      `    user: ${quoted(name)}`,
      `    namespace: ${quoted(namespace)}`,
    ]),
    '',
  ];
  return lines.join('\n');
}
