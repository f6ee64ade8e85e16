import { startSimulatedAlerts } from './alertLab.ts';
import { describeMetrics } from './suites/metrics.suite.ts';

describeMetrics({ title: 'the simulator', start: startSimulatedAlerts });
