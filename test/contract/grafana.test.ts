import { startOutside } from '../../src/simulator/outside.ts';
import { describeGrafana } from './suites/grafana.suite.ts';

describeGrafana({
  title: 'the simulated Grafana',
  start: async () => {
    const { outside, dispose } = await startOutside(() => Date.UTC(2026, 10, 23, 10));
    const { url, store } = outside.grafana;
    return {
      url,
      token: store.token,
      add: ({ uid, title, tags, folder }) => {
        const at = folder === undefined ? {} : { folder: 'operations' };
        store.dashboards.push({ id: 100 + store.dashboards.length, uid, title, tags, variables: [], ...at });
        return Promise.resolve();
      },
      dispose,
    };
  },
});
