import { mkdir, readFile } from 'node:fs/promises';
import { describeKubernetesEndpoints } from '../../contract/suites/kubernetesEndpoints.suite.ts';
import { createKubectl } from '../kubernetes/kubectl.ts';
import { readLab } from '../labDescription.ts';

const rbac = 'rbac.authorization.k8s.io';
const name = 'incident-test-services-only';
const metadata = { name, namespace: 'production' };
/** Lists services and nothing else: many a role was written before there were EndpointSlices. */
const servicesOnly = [
  {
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata,
    rules: [{ apiGroups: [''], resources: ['services'], verbs: ['get', 'list'] }],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ kind: 'User', name, apiGroup: rbac }],
  },
];

const { kubernetes: lab } = await readLab('kubernetes');

describeKubernetesEndpoints({
  title: 'the lab',
  narrowUser: { token: lab.tokens.admin, as: name },
  async start(folder) {
    await mkdir(folder);
    const kubectl = createKubectl(lab.kubectl, lab.kubeconfigs.admin, folder);
    await kubectl.create('services-only', servicesOnly);
    return {
      server: lab.server,
      authority: await readFile(lab.authority, 'utf8'),
      user: { token: lab.tokens.admin },
      async dispose() {
        await kubectl.run('delete', '-n', 'production', `role/${name}`, `rolebinding/${name}`);
      },
    };
  },
});
