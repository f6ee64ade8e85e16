import assert from 'node:assert/strict';
import { recordOf } from '../../../../src/core/signals/incomingSignal.ts';
import { mergeSignals } from '../../../../src/core/signals/mergeSignals.ts';
import { defaultServiceLabels } from '../../../../src/core/signals/serviceOf.ts';
import { afterAnswer, afterFailure, newHealth } from '../../../../src/core/signals/sourceHealth.ts';
import type { SignalsShown } from '../../../../src/core/views/signalTree.ts';
import { signalNodes } from '../../../../src/core/views/signalTree.ts';
import type { TreeNode } from '../../../../src/core/views/treeNode.ts';
import { after, declared, fact, incidentOf } from '../../../support/builders.ts';
import { paged } from '../../../support/deliveryBuilders.ts';
import { alert, change, page } from '../signals/signals.ts';

const well = (source: string, at = after(-1), kind: 'alerts' | 'changes' = 'alerts') =>
  afterAnswer(newHealth(source, kind), at, 30_000);
const failing = (source: string, code: 'unreachable' | 'unauthorized' | 'failed', lastAt?: string) =>
  afterFailure(
    lastAt ? well(source, lastAt) : newHealth(source, 'alerts'),
    { code, message: `${source} cannot be reached.` },
    after(-3),
    30_000,
  );

const shown = (more: Partial<SignalsShown> = {}): SignalsShown => ({
  signals: [],
  silences: [],
  health: [well('Alertmanager')],
  incidents: [],
  ...more,
});
const draw = (nodes: readonly TreeNode[], indent = ''): string[] =>
  nodes.flatMap(({ label, description, children }) => [
    `${indent}${label}${description ? ` | ${description}` : ''}`,
    ...draw(children, `${indent}  `),
  ]);
const rows = (more: Partial<SignalsShown>): string[] => draw(signalNodes(shown(more), after(0)));
const nodeOf = (more: Partial<SignalsShown>, label: string): TreeNode => {
  const all = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
    nodes.flatMap((node) => [node, ...all(node.children)]);
  const found = all(signalNodes(shown(more), after(0))).find((node) => node.label === label);
  assert.ok(found, rows(more).join('\n'));
  return found;
};

describe('the Signals view', () => {
  it('draws services with their alerts, the silenced ones apart, changes beside them, sources below', () => {
    const merged = mergeSignals(
      [
        alert(),
        alert({ sources: ['Prometheus'] }),
        alert({
          labels: { alertname: 'SlowSearch', service: 'search', severity: 'warning' },
          startedAt: after(-40),
          state: 'pending',
          sources: ['Prometheus'],
        }),
        alert({
          labels: { alertname: 'Watchdog', severity: 'none' },
          startedAt: after(-4000),
          state: 'silenced',
          silences: ['s1'],
        }),
        change({ title: 'payment-service revision 7' }),
      ],
      defaultServiceLabels,
    );
    const silence = {
      id: 's1',
      matchers: [],
      startsAt: after(-9),
      endsAt: after(60),
      createdBy: 'ana',
      comment: 'noise',
    };
    assert.deepEqual(
      rows({
        signals: merged,
        silences: [silence],
        health: [
          well('Alertmanager'),
          well('Prometheus'),
          failing('PagerDuty', 'unreachable', after(-4)),
          well('Argo CD', after(-2), 'changes'),
        ],
      }),
      [
        'PagerDuty: no answer for 4 min | as of 10:26 UTC',
        'payment-service | 1 alert',
        '  PaymentErrorRateHigh | 2 min · critical · Alertmanager + Prometheus',
        'search | 1 alert',
        '  SlowSearch | 40 min · warning · pending · Prometheus',
        'Silenced | 1',
        '  Watchdog | 2 d 18 h · none · silenced until 11:30 UTC · Alertmanager',
        'Recent changes | 1',
        '  payment-service revision 7 | 6 min ago · Argo CD',
        'Sources | 3 of 4 answer',
        '  Alertmanager | answered 1 min ago',
        '  Prometheus | answered 1 min ago',
        '  PagerDuty | no answer',
        '  Argo CD | answered 2 min ago',
      ],
    );
  });

  it('is empty without a source, for the welcome text', () => {
    assert.deepEqual(rows({ health: [] }), []);
  });

  it('says that no alert fires only when every source of alerts has answered', () => {
    const first = (health: SignalsShown['health']) => rows({ health })[0];
    assert.equal(first([well('Alertmanager')]), 'No alert fires');
    assert.equal(first([well('Alertmanager'), newHealth('Prometheus', 'alerts')]), 'Asking…');
    assert.equal(
      first([failing('Alertmanager', 'unauthorized')]),
      'Alertmanager: token refused for 3 min | never answered',
    );
    assert.ok(!rows({ health: [failing('Alertmanager', 'failed')] }).includes('No alert fires'));
    assert.equal(first([well('Argo CD', after(0), 'changes')]), 'Sources | 1 of 1 answer');
  });

  it('tells the menus what can be done with each', () => {
    const context = (signal: ReturnType<typeof alert>) =>
      nodeOf({ signals: [signal] }, signal.title).contextValue;
    assert.equal(context(alert()), 'signal.alert.loud');
    assert.equal(
      context(alert({ url: 'https://am.example', runbookUrl: 'https://r.example' })),
      'signal.alert.loud.link.runbook',
    );
    assert.equal(context(alert({ state: 'silenced', silences: ['a'] })), 'signal.alert.silenced');
    assert.equal(context(alert({ state: 'silenced', quietBecause: 'inhibited' })), 'signal.alert.quiet');
    assert.equal(context(alert({ sources: ['Prometheus'], url: 'command:x' })), 'signal.alert');
    assert.equal(context(change()), 'signal.change');
  });

  it('marks what is attached to an incident, and leads there', () => {
    const incident = incidentOf(declared(), fact('SignalAttached', { signal: recordOf(alert()) }));
    const node = nodeOf({ signals: [alert()], incidents: [incident] }, 'PaymentErrorRateHigh');
    assert.match(node.description ?? '', /in 2026-11-23-0001/);
    assert.equal(node.contextValue, 'signal.alert.attached.loud');
    assert.deepEqual(node.command, { id: 'incident.switchIncident', args: [incident.id] });
  });

  it('marks the page that was opened for an incident in the same way', () => {
    const incident = incidentOf(declared(), ...paged('Q1'));
    const signals = [page('Q1'), page('Q2', { title: 'Disk full' })];
    const own = nodeOf({ signals, incidents: [incident] }, page().title);
    assert.match(own.description ?? '', /in 2026-11-23-0001/);
    assert.deepEqual(own.command, { id: 'incident.switchIncident', args: [incident.id] });
    const other = nodeOf({ signals, incidents: [incident] }, 'Disk full');
    assert.deepEqual(other.command, { id: 'incident.declareFromAlert', args: ['pagerduty/Q2'] });
  });

  it('says everything to a screen reader, and only text', () => {
    const node = nodeOf(
      { signals: [alert({ title: 'Pay\u202ements\u0007 $(flame)' })] },
      'Payments $(flame)',
    );
    assert.equal(
      node.accessibleLabel,
      'Alert, Payments $(flame), 2 min, critical, Alertmanager, payment-service',
    );
    assert.match(
      nodeOf({ health: [failing('PagerDuty', 'unreachable')] }, 'PagerDuty: no answer for 3 min')
        .accessibleLabel ?? '',
      /^Warning: PagerDuty: no answer for 3 min\. PagerDuty cannot be reached\.$/,
    );
  });
});
