import assert from 'node:assert/strict';
import { cardPlaces, openPlace, placeNodes } from '../../../../src/core/views/stepPlaces.ts';
import { runbookNodes } from '../../../../src/core/views/runbookTree.ts';
import { stepNodes } from '../../../../src/core/views/stepNodes.ts';
import { aGuide, declared, incidentOf, step } from '../../../support/builders.ts';

const latency = step('latency.1', {
  text: 'Check latency metrics',
  command: undefined,
  details: ['Grafana > Dashboard > Service Health', 'Logs: https://logs.example.com/payments?q=1'],
});

describe('where a step sends a person', () => {
  it('is a button each on its card', () => {
    assert.deepEqual(cardPlaces(latency), [
      {
        id: '>Service Health',
        label: 'Open Dashboard',
        spoken: 'Open the dashboard Service Health, step 1',
      },
      {
        id: 'https://logs.example.com/payments?q=1',
        label: 'Open logs.example.com',
        spoken: 'Open logs.example.com, step 1',
      },
    ]);
  });

  it('names the dashboards on their buttons where a step has several', () => {
    const two = { ...latency, details: ['Grafana > A', 'Grafana > Payments > B'] };
    assert.deepEqual(
      cardPlaces(two).map(({ id, label }) => [id, label]),
      [
        ['>A', 'Open A'],
        ['Payments>B', 'Open B'],
      ],
    );
  });

  it('is a row each under the step in both trees, with the command that opens it', () => {
    const rows = placeNodes('parent', latency);
    assert.deepEqual(
      rows.map(({ label, description, command }) => [label, description, command?.id, command?.args]),
      [
        ['Service Health', 'dashboard', 'incident.openDashboard', ['latency.1', '>Service Health']],
        [
          'logs.example.com',
          'https://logs.example.com/payments?q=1',
          'incident.openLink',
          ['https://logs.example.com/payments?q=1'],
        ],
      ],
    );
    const [inIncident] = stepNodes('x', incidentOf(declared()), [latency], () => undefined);
    assert.deepEqual(
      inIncident?.children.map(({ label }) => label),
      ['Service Health', 'logs.example.com'],
    );
    const runbook = {
      id: 'latency',
      title: 'Latency',
      line: 1,
      steps: [latency],
      source: 'section',
      about: '',
    } as const;
    const [inRunbooks] = runbookNodes([aGuide({ runbooks: [runbook] })]);
    assert.deepEqual(
      inRunbooks?.children[0]?.children.map(({ label }) => label),
      ['Service Health', 'logs.example.com'],
    );
  });

  it('opens nothing that the step does not name', () => {
    assert.deepEqual(openPlace(latency, '>Service Health')?.args, ['latency.1', '>Service Health']);
    for (const id of ['>Service Costs', 'https://evil.example.com', 'javascript:alert(1)', ''])
      assert.equal(openPlace(latency, id), undefined);
  });
});
