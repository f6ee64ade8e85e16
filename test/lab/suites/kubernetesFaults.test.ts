import { readFile } from 'node:fs/promises';
import { describeKubernetesFaults } from '../../contract/suites/kubernetesFaults.suite.ts';
import { readLab } from '../labDescription.ts';

describeKubernetesFaults({
  title: 'the lab',
  async start() {
    const { kubernetes: lab } = await readLab('kubernetes');
    return {
      server: lab.server,
      authority: await readFile(lab.authority, 'utf8'),
      user: { token: lab.tokens.admin },
      dispose: async () => undefined,
    };
  },
});
