import { startSimulatedFlags } from './flagLab.ts';
import { describeUnleashEvents } from './suites/unleashEvents.suite.ts';

describeUnleashEvents({
  title: 'a simulated Unleash',
  lists: true,
  start: () =>
    startSimulatedFlags(
      (baseUrl) => ({
        kind: 'unleash',
        baseUrl,
        token: 'FLAG_TOKEN',
        project: 'default',
        environment: 'production',
      }),
      () => undefined,
    ),
});
