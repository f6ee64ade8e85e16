import { startSimulatedAlerts } from './alertLab.ts';
import { describeAlertmanager } from './suites/alertmanager.suite.ts';

describeAlertmanager({ title: 'the simulator', start: startSimulatedAlerts });
