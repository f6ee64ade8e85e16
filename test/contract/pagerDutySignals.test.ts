import { startOutside } from '../../src/simulator/outside.ts';
import { describePagerDutySignals } from './suites/pagerDutySignals.suite.ts';

describePagerDutySignals({
  title: 'the simulator',
  async start() {
    let past: number | undefined;
    const { outside, dispose } = await startOutside(() => past ?? Date.now());
    const { url, store } = outside.pagerduty;
    const [service] = store.services;
    const [priority] = store.priorities;
    if (!service || !priority) throw new Error('The simulated PagerDuty has no service or no priority.');
    const find = (id: string) => {
      const incident = store.incidents.find((one) => one.id === id);
      if (!incident) throw new Error(`There is no incident ${id}.`);
      return incident;
    };
    return {
      url,
      token: store.token,
      service: service.name,
      priority: priority.name,
      trigger(title, { priority: wanted, at } = {}) {
        past = at;
        const { id } = store.trigger({
          service: service.id,
          title,
          ...(wanted === undefined ? {} : { priority: priority.id }),
        });
        past = undefined;
        return id;
      },
      acknowledge: (id) => void (find(id).status = 'acknowledged'),
      resolve: (id) => void (find(id).status = 'resolved'),
      recordChange: (summary, at, link) =>
        void store.recordChange({
          service: service.id,
          summary,
          at,
          ...(link === undefined ? {} : { links: [{ href: link, text: 'Build' }] }),
        }),
      dispose,
    };
  },
});
