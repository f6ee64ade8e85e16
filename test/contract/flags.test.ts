import { startSimulatedFlags } from './flagLab.ts';
import { describeFlags } from './suites/flags.suite.ts';

describeFlags({
  title: 'a simulated service of the company’s own',
  lists: false,
  start: () =>
    startSimulatedFlags(
      (baseUrl) => ({
        kind: 'generic',
        baseUrl,
        token: 'FLAG_TOKEN',
        readUrl: '/api/flags/{flag}',
        enableUrl: '/api/flags/{flag}/enable',
        disableUrl: '/api/flags/{flag}/disable',
      }),
      () => undefined,
    ),
});

describeFlags({
  title: 'the simulated Unleash',
  lists: true,
  start: () =>
    startSimulatedFlags(
      (baseUrl) => ({ kind: 'unleash', baseUrl, token: 'FLAG_TOKEN', environment: 'production' }),
      (url) =>
        `curl -X POST ${url}/api/admin/projects/default/features/payment-new-provider/environments/production/off`,
    ),
});

describeFlags({
  title: 'the simulated LaunchDarkly',
  lists: true,
  start: () =>
    startSimulatedFlags(
      (baseUrl) => ({ kind: 'launchdarkly', baseUrl, token: 'FLAG_TOKEN', environment: 'production' }),
      (url) =>
        `curl -X PATCH ${url}/api/v2/flags/default/payment-new-provider ` +
        `-H 'Content-Type: application/json' -d '[{"op":"replace","path":"/environments/production/on","value":false}]'`,
    ),
});
