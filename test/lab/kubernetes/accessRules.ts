/** Who may do what in the lab: `admin` everything, the others in `production` only. */

export const certificateUser = { name: 'certificate-user', group: 'lab:readers' } as const;

/** The people of the lab that log in by token, with the groups the API server puts them in. */
export const tokenUsers = {
  admin: ['system:masters'],
  /** Reads, scales, patches and runs commands in `production`; nothing elsewhere, no secrets. */
  responder: ['lab:responders'],
  /** Reads in `production`; nothing elsewhere, no secrets. */
  reader: ['lab:readers'],
} as const;

export type TokenUser = keyof typeof tokenUsers;

const read = ['get', 'list', 'watch'];
const core = [
  ...['pods', 'pods/log', 'services', 'endpoints', 'events', 'configmaps', 'replicationcontrollers'],
  ...['persistentvolumeclaims', 'serviceaccounts', 'resourcequotas', 'limitranges'],
];
const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]) => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});
const readRules = [
  rule('', core, read),
  rule('apps', ['*'], read),
  rule('batch', ['*'], read),
  rule('autoscaling', ['*'], read),
  rule('networking.k8s.io', ['*'], read),
  rule('discovery.k8s.io', ['*'], read),
  rule('events.k8s.io', ['*'], read),
  rule('policy', ['poddisruptionbudgets'], read),
  rule('lab.incident', ['*'], read),
];
const change = ['patch', 'update'];
const responderRules = [
  ...readRules,
  rule('apps', ['deployments', 'statefulsets', 'daemonsets'], change),
  rule('apps', ['deployments/scale', 'statefulsets/scale', 'replicasets/scale'], change),
  rule('networking.k8s.io', ['ingresses'], change),
  rule('', ['services', 'configmaps'], change),
  rule('', ['pods/exec'], ['get', 'create']),
];

const rbac = 'rbac.authorization.k8s.io';
const namespace = 'production';
const role = (name: string, rules: readonly object[]) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'Role',
  metadata: { name, namespace },
  rules,
});
const binding = (name: string, group: string) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'RoleBinding',
  metadata: { name, namespace },
  roleRef: { apiGroup: rbac, kind: 'Role', name },
  subjects: [{ kind: 'Group', name: group, apiGroup: rbac }],
});

/** The roles and bindings of the namespace `production`. */
export const accessRules: readonly object[] = [
  role('reader', readRules),
  binding('reader', 'lab:readers'),
  role('responder', responderRules),
  binding('responder', 'lab:responders'),
];
