import { createHmac, randomBytes } from 'node:crypto';

/** The accounts of the lab's Argo CD, each with a token: what they may do is in `argocd-rbac-cm`. */
export type ArgoCdAccount = 'admin' | 'incident' | 'reader';

export interface ArgoCdSettings {
  /** Objects for the namespace `argocd`: ConfigMaps, Secret, project, and who may read applications there. */
  readonly objects: readonly object[];
  readonly tokens: Readonly<Record<ArgoCdAccount, string>>;
}

const accounts: readonly ArgoCdAccount[] = ['admin', 'incident', 'reader'];
const namespace = 'argocd';

/**
 * What Argo CD reads at its start, with tokens signed by a key made here, as `argocd account generate-token` would
 * sign them: https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/
 */
export function createSettings(nowMs: number): ArgoCdSettings {
  const key = randomBytes(32).toString('base64');
  const issued = Math.floor(nowMs / 1000);
  const listed = JSON.stringify([{ id: 'lab', iat: issued }]);
  return {
    tokens: {
      admin: signToken('admin', key, issued),
      incident: signToken('incident', key, issued),
      reader: signToken('reader', key, issued),
    },
    objects: [
      configMap('argocd-cm', {
        'accounts.admin': 'apiKey, login',
        'accounts.incident': 'apiKey',
        'accounts.reader': 'apiKey',
        // Nothing here is worth watching in Endpoints, leases and events; the same are left out by default.
        'resource.exclusions': JSON.stringify([
          { apiGroups: ['', 'discovery.k8s.io'], kinds: ['Endpoints', 'EndpointSlice'] },
          { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'] },
        ]),
      }),
      configMap('argocd-rbac-cm', { 'policy.csv': policies.join('\n') }),
      configMap('argocd-cmd-params-cm', {}),
      configMap('argocd-ssh-known-hosts-cm', { ssh_known_hosts: '' }),
      configMap('argocd-tls-certs-cm', {}),
      configMap('argocd-gpg-keys-cm', {}),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: labelled('argocd-secret'),
        stringData: {
          'server.secretkey': key,
          // No password hashes to this, and without one the server would make one and refuse every older token.
          'admin.password': 'none',
          'admin.passwordMtime': new Date(0).toISOString(),
          ...Object.fromEntries(
            accounts.map((name) => [name === 'admin' ? 'admin.tokens' : `accounts.${name}.tokens`, listed]),
          ),
        },
      },
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name: 'default', namespace },
        spec: {
          sourceRepos: ['*'],
          destinations: [{ namespace: '*', server: '*' }],
          clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        },
      },
      ...clusterAccess,
    ],
  };
}

/** `incident` sees and changes what a responder needs and neither creates nor deletes; `reader` only sees. */
const policies = [
  ...['get', 'sync', 'update', 'override', 'action/*'].map(
    (action) => `p, role:incident, applications, ${action}, */*, allow`,
  ),
  'p, role:incident, projects, get, *, allow',
  'g, incident, role:incident',
  'g, reader, role:readonly',
  'g, admin, role:admin',
];

/** The groups `lab:responders` and `lab:readers` of the cluster, for those who ask it without Argo CD's server. */
const clusterAccess = [
  ['responder', ['get', 'list', 'watch', 'patch', 'update']] as const,
  ['reader', ['get', 'list', 'watch']] as const,
].flatMap(([name, verbs]) => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: `applications-${name}`, namespace },
    rules: [{ apiGroups: ['argoproj.io'], resources: ['applications'], verbs }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: `applications-${name}`, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: `applications-${name}` },
    subjects: [{ kind: 'Group', name: `lab:${name}s`, apiGroup: 'rbac.authorization.k8s.io' }],
  },
]);

/** Argo CD takes notice only of objects with this label. */
const labelled = (name: string) => ({ name, namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } });

const configMap = (name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: labelled(name),
  data,
});

/** An API token of an account: a JWT (RFC 7519) signed with HMAC-SHA256, without an end. */
function signToken(account: ArgoCdAccount, key: string, issued: number): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const claims = { iss: 'argocd', sub: `${account}:apiKey`, jti: 'lab', iat: issued, nbf: issued };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
