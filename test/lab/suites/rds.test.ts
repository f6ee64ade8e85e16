import { describeRds } from '../../contract/suites/rds.suite.ts';
import { readLab } from '../labDescription.ts';

describeRds({
  title: 'the lab',
  instant:
    'moto has no states in between: its writer moves within the request and its reboot changes nothing',
  async start() {
    const { aws } = await readLab('aws');
    const { accessKeyId, secretAccessKey, ...rest } = aws;
    return { ...rest, credentials: { accessKeyId, secretAccessKey }, dispose: async () => undefined };
  },
});
