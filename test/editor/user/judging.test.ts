import { describeJudging } from './judging.suite.ts';

describeJudging({
  name: 'the simulated production',
  cluster: ({ url }) => Promise.resolve({ server: url }),
});
