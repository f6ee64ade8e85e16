import { startSimulatedAlerts } from './alertLab.ts';
import { describePrometheus } from './suites/prometheus.suite.ts';

describePrometheus({ title: 'the simulator', start: startSimulatedAlerts });
