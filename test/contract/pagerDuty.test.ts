import { startOutside } from '../../src/simulator/outside.ts';
import { describePagerDuty } from './suites/pagerDuty.suite.ts';
import { describePagerDutyFaults } from './suites/pagerDutyFaults.suite.ts';
import type { PagerDutyProduction } from './suites/pagerDutyKit.ts';
import { describePagerDutyPeople } from './suites/pagerDutyPeople.suite.ts';

const simulated: PagerDutyProduction = {
  title: 'the simulator',
  async start() {
    const { outside, dispose } = await startOutside(Date.now);
    const { url, store } = outside.pagerduty;
    // A suite asks more in a minute than people do.
    store.limits.rest = 100_000;
    const [service] = store.services;
    const [first, second, third] = store.users;
    if (!service || !first || !second || !third)
      throw new Error('The simulated PagerDuty has not its service and people.');
    const { token, userToken, readOnlyToken } = store;
    return {
      url,
      token,
      userToken,
      readOnlyToken,
      subdomain: 'example-shop',
      service: service.id,
      people: [first, second, third],
      dispose,
    };
  },
};

describePagerDuty(simulated);
describePagerDutyPeople(simulated);
describePagerDutyFaults(simulated);
