import { fakeKeys, startSimulatedRds } from './rdsLab.ts';
import { describeRds } from './suites/rds.suite.ts';

describeRds({
  title: 'the simulator',
  async start() {
    const { url, databases, dispose } = await startSimulatedRds();
    const cluster = 'example-production';
    return {
      endpoint: url,
      region: databases.region,
      credentials: fakeKeys,
      cluster,
      members: [1, 2, 3].map((n) => `${cluster}-${n}`),
      multiAzInstance: 'example-primary',
      singleAzInstance: 'example-reports',
      dispose,
    };
  },
});
