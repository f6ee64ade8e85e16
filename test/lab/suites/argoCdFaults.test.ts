import { describeArgoCdFaults } from '../../contract/suites/argoCdFaults.suite.ts';
import { readLab } from '../labDescription.ts';

describeArgoCdFaults({
  title: 'the lab',
  async start() {
    const { argoCd } = await readLab('argoCd');
    const { manual, automated } = argoCd.applications;
    return {
      url: argoCd.url,
      token: argoCd.tokens.incident,
      apps: { manual: manual.name, automated: automated.name },
      dispose: async () => undefined,
    };
  },
});
