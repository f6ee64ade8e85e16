import { startOutside } from '../../src/simulator/outside.ts';
import { describeStatuspage } from './suites/statuspage.suite.ts';
import { describeStatuspageFaults } from './suites/statuspageFaults.suite.ts';
import type { StatuspageProduction } from './suites/statuspageKit.ts';

const simulated: StatuspageProduction = {
  title: 'the simulator',
  async start() {
    const { outside, dispose } = await startOutside(Date.now);
    const { url, store } = outside.statuspage;
    // A suite asks more in a minute than people do.
    store.limit.perMinute = 100_000;
    return { url, token: store.token, page: store.pages[0]?.id ?? '', dispose };
  },
};

describeStatuspage(simulated);
describeStatuspageFaults(simulated);
