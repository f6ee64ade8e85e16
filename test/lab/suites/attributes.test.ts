import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openSampleEditor } from '../../support/sampleEditor.ts';
import { describeAttributes } from '../../editor/user/attributes.suite.ts';
import { readLab } from '../labDescription.ts';

const { kubernetes } = await readLab('kubernetes');

/** The lab's own kubectl, with its administrator's rights. */
async function kubectl(...args: readonly string[]): Promise<string> {
  const place = ['--kubeconfig', kubernetes.kubeconfigs.admin, '--context', kubernetes.contexts.production];
  return (await promisify(execFile)(kubernetes.kubectl, [...place, ...args])).stdout;
}

describe('the lab cluster and attributes', () => {
  after(() => kubectl('scale', 'deployment', 'catalog', '-n', 'production', '--replicas=2'));

  describeAttributes({
    name: 'the lab cluster',
    open: (options) => openSampleEditor({ ...options, kubeconfig: kubernetes.kubeconfigs.admin }),
    target: /^production \/ production$/,
    ask: async (_sample, path) => JSON.parse(await kubectl('get', '--raw', path)) as unknown,
  });
});
