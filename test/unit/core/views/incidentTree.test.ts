import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { historyNodes } from '../../../../src/core/views/historyTree.ts';
import { incidentNodes, otherIncidentNode } from '../../../../src/core/views/incidentTree.ts';
import { runbookNodes } from '../../../../src/core/views/runbookTree.ts';
import { withUniqueIds } from '../../../../src/core/views/treeNode.ts';
import type { TreeNode } from '../../../../src/core/views/treeNode.ts';
import {
  acknowledged,
  aGuide,
  after,
  anEvent,
  answered,
  anUnknownEvent,
  declared,
  entered,
  fact,
  incidentOf,
  itemDone,
  noted,
  resolved,
  runEnded,
  runStarted,
  stepDone,
  ticked,
  updated,
} from '../../../support/builders.ts';

const guide = aGuide();
const all = (nodes: readonly TreeNode[]): TreeNode[] =>
  nodes.flatMap((node) => [node, ...all(node.children)]);
const find = (nodes: readonly TreeNode[], label: string | RegExp): TreeNode => {
  const found = all(nodes).find((node) =>
    typeof label === 'string' ? node.label === label : label.test(node.label),
  );
  assert.ok(found, `no ${String(label)} among:\n${draw(nodes)}`);
  return found;
};
/** A tree as text: label, then what stands behind it. */
const draw = (nodes: readonly TreeNode[], depth = 0): string =>
  nodes
    .map(({ label, description, children }) => {
      const line = `${'  '.repeat(depth)}${label}${description ? ` | ${description}` : ''}`;
      return [line, ...(children.length > 0 ? [draw(children, depth + 1)] : [])].join('\n');
    })
    .join('\n');

const story: readonly Fact[] = [
  declared(),
  acknowledged(),
  entered('triage', 'Triage'),
  itemDone('escalate/SEV2', 'Escalate to Tech Lead'),
  entered('diagnosis', 'Diagnosis'),
  runStarted(),
  runEnded({ output: { file: 'output/run-1.log', sha256: 'ab', bytes: 1, lines: 1 } }),
  answered('q-when', 'When did it start?', 'At 10:20'),
  updated(1),
  runStarted({ run: 'run-2', step: 'rb-pods' }),
];
const tree = (facts: readonly Fact[], now: string, of: Guide | undefined = guide) =>
  incidentNodes(incidentOf(...facts), of, now);

describe('an incident that this window does not work on', () => {
  it('is one row that switches to it: no click below it can run on another cluster', () => {
    const node = otherIncidentNode(incidentOf(...story), guide, after(21, 10));
    assert.equal(draw([node]), 'SEV2 Payments failing | 00:21:10  2026-11-23-0001');
    assert.deepEqual(node.command, { id: 'incident.switchIncident', args: [node.id] });
    assert.deepEqual(node.children, []);
  });
});

describe('the tree of an incident', () => {
  it('shows the incident, its next thing, and every part of the guide under its phase', () => {
    assert.equal(
      draw(tree(story, after(21, 10))),
      `SEV2 Payments failing | 00:21:10  2026-11-23-0001
  Next: Look at Grafana
  Triage | done in 2 min
    /incident create "Words" | declared
    Creates
      A channel
    Escalate to Tech Lead | SEV2, done
    Go to Triage
  Diagnosis | now, 24 min of 30 left
    Collect Information | 1 of 2
      1. Check pods | 3 pods
      2. Look at Grafana | by hand
        Health | dashboard
    Key questions | 1 of 2
      When did it start? | At 10:20
      Was there a deploy?
    Update #2 | due in 1:50, #1 sent 10:38 UTC
  Mitigation | 2 options
    A: Rollback Deploy | If problem started after deploy
      1. rollback
    B: Scale Resources | If problem is capacity-related
      1. scale
    Go to Mitigation
  Resolution | 0 of 2
    Confirm Resolution | 0 of 2
      Metrics are normal | not checked
      Logs show no errors | not checked
    The resolution message
    /statuspage update "Words" | Status page
    Check Resolution | asks the systems, changes nothing
    Resolve
    Go to Resolution
  Post-mortem | due 48 h after resolution
    Within 48 hours for SEV1/SEV2 | due 48 h after resolution
    Draft Post-Mortem
    Go to Post-mortem
  Runbooks | Service Unavailable (503) (running)
    Service Unavailable (503) | 0 of 2, running
      1. Check pods | running
      2. Look at logs
  Contacts | 2
    On-call DBA | not filled in in the guide
    Security: Sam | #security
  Related links | 1
    Scaling | scaling-guide.md
  Timeline | 10 entries
    Ran Check pods: kubectl --context sim get pods -n production | 10:39 Ana
    Update #1: Still looking | 10:38 Ana
    When did it start? At 10:20 | 10:37 Ana
    Ended Check pods: 3 pods (120 ms) | 10:36 Ana
    Ran Check pods: kubectl --context sim get pods -n production | 10:35 Ana
    Entered Diagnosis | 10:34 Ana
    Done: Escalate to Tech Lead | 10:33 Ana
    Entered Triage | 10:32 Ana
    Acknowledged | 10:31 Ana
    Declared SEV2: Payments failing (payment-service) | 10:30 Ana`,
    );
  });

  it('opens the present phase and leaves the others closed', () => {
    const nodes = tree(story, after(10));
    assert.equal(find(nodes, 'Diagnosis').expanded, 'expanded');
    assert.equal(find(nodes, 'Mitigation').expanded, 'collapsed');
    assert.equal(find(nodes, 'Was there a deploy?').expanded, undefined);
  });

  it('carries the command of each row with its ids', () => {
    const nodes = tree(story, after(10));
    const commandOf = (label: string | RegExp) => {
      const { command } = find(nodes, label);
      return command && [command.id, ...command.args];
    };
    assert.deepEqual(commandOf(/^Next/), ['incident.continue']);
    assert.deepEqual(commandOf('Escalate to Tech Lead'), ['incident.escalate']);
    assert.deepEqual(commandOf('2. Look at Grafana'), ['incident.runStep', 'grafana']);
    assert.deepEqual(commandOf('Collect Information'), ['incident.openRunbook', 'collect']);
    assert.deepEqual(commandOf('Was there a deploy?'), ['incident.answerQuestion', 'q-deploy']);
    assert.deepEqual(commandOf(/^Update #2/), ['incident.postUpdate']);
    assert.deepEqual(commandOf('Metrics are normal'), ['incident.showCheck', 'metrics']);
    assert.deepEqual(commandOf('The resolution message'), ['incident.showMessage', 'resolution']);
    assert.deepEqual(commandOf('/statuspage update "Words"'), ['incident.runAct', 'statuspage-update']);
    assert.deepEqual(commandOf('Go to Mitigation'), ['incident.goToPhase', 'mitigation']);
    assert.deepEqual(commandOf('Service Unavailable (503)'), ['incident.openRunbook', 'service-unavailable']);
    assert.deepEqual(commandOf('Security: Sam'), ['incident.copyText', '#security']);
    assert.deepEqual(commandOf('On-call DBA'), ['incident.openGuide', 120]);
    assert.deepEqual(commandOf('Scaling'), ['incident.openLink', 'scaling-guide.md', 'guide.md']);
    assert.deepEqual(commandOf(/^Ended Check pods/), ['incident.openOutput', 'run-1']);
    assert.deepEqual(commandOf('Acknowledged'), ['incident.showEvent', 'event-00002']);
  });

  it('says who was called and since when nobody answers, and offers the first level before', () => {
    const said = (minute: number, ...facts: Fact[]) =>
      find(tree([declared(), ...facts], after(minute)), 'Escalate to Tech Lead');
    const called = fact('PeopleEscalated', { level: 1, severity: 'SEV2', roles: ['Tech Lead'] });
    assert.deepEqual(said(1).command, { id: 'incident.escalate', args: [1] });
    assert.equal(said(5, called).description, 'SEV2, called 10:31, answer due 11:01');
    assert.equal(said(33, called).description, 'SEV2, called 10:31, no answer, late by 2 min');
    assert.equal(said(33, called).icon, 'warning');
    const answered = fact('EscalationAcknowledged', { level: 1, who: 'Bo' });
    assert.equal(said(33, called, answered).description, 'SEV2, called 10:31, Bo answered 10:32');
    const higher = fact('PeopleEscalated', { level: 2, severity: 'SEV2', roles: ['CTO'] });
    assert.match(
      said(32, called, higher).description ?? '',
      /^SEV2, level 2, called 10:32, answer due 11:02/,
    );
  });

  it('says why an update waits', () => {
    const putOff = fact('UpdateSnoozed', { until: after(40), reason: 'The rollback runs' });
    const node = find(tree([declared(), putOff], after(20)), 'Update #1');
    assert.equal(node.description, 'due in 20:00, put off: The rollback runs');
  });

  it('shows what holds for the severity alone', () => {
    const nodes = tree([declared({ severity: 'SEV1' })], after(1));
    assert.ok(find(nodes, 'Status page'));
    assert.ok(find(nodes, 'Escalate to Tech Lead + CTO'));
    const low = tree([declared({ severity: 'SEV3' })], after(1));
    assert.ok(find(low, 'Escalate if Necessary: nobody listed for SEV3'));
    assert.equal(find(low, 'Within 1 week for SEV3').description, 'due 168 h after resolution, if it recurs');
    assert.equal(find(low, 'Post-mortem').description, undefined);
  });

  it('shows ticks, skipped phases and a phase that runs over', () => {
    const nodes = tree([declared(), entered('diagnosis', 'Diagnosis'), ticked('metrics')], after(50));
    assert.equal(find(nodes, 'Triage').description, 'not entered');
    assert.equal(find(nodes, 'Diagnosis').description, 'now, 5 min over');
    assert.equal(find(nodes, 'Metrics are normal').icon, 'pass');
    assert.equal(
      find(nodes, 'Metrics are normal').accessibleLabel,
      'Metrics are normal, ticked by Ana at 10:32 UTC',
    );
    assert.equal(find(nodes, 'Confirm Resolution').description, '1 of 2');
  });

  it('counts the post-mortem down once it is resolved', () => {
    const facts = [declared(), entered('resolution', 'Resolution'), resolved()];
    const nodes = tree(facts, after(60));
    assert.equal(nodes[0]!.description, 'resolved after 2 min  2026-11-23-0001');
    assert.equal(nodes[0]!.contextValue, 'incident.resolved');
    assert.equal(find(nodes, 'Resolution').description, 'done in 1 min');
    assert.equal(find(nodes, 'Post-mortem').description, 'due 2026-11-25 10:32 UTC, 1 d 23 h left');
    assert.equal(find(tree(facts, after(3 * 24 * 60)), 'Post-mortem').description, 'overdue by 23 h 58 min');
  });

  it('draws what the journal knows when the guide is gone', () => {
    assert.equal(
      draw(incidentNodes(incidentOf(declared(), noted('x')), undefined, after(1))),
      `SEV2 Payments failing | 00:01:00  2026-11-23-0001
  The guide of this incident was not found | guide.md
  Timeline | 2 entries
    Note: x | 10:31 Ana
    Declared SEV2: Payments failing (payment-service) | 10:30 Ana`,
    );
  });

  it('says whose words stand in for a guide that is not here', () => {
    const facts = [declared(), entered('resolution', 'Resolution')];
    const here = incidentNodes(incidentOf(...facts), guide, after(1));
    assert.doesNotMatch(draw(here), /was not found/);
    const elsewhere = incidentNodes(incidentOf(...facts), { ...guide, file: 'b/other.md' }, after(1));
    const row = find(elsewhere, 'The guide of this incident was not found');
    assert.equal(row.description, 'guide.md');
    assert.equal(
      row.tooltip,
      'guide.md is not in this workspace: times, checklist and messages are of b/other.md.',
    );
    assert.match(draw(elsewhere), /Metrics are normal/);
  });

  it('caps the timeline, newest first, and says how many are left out', () => {
    const facts = [declared(), ...Array.from({ length: 300 }, (_, i) => noted(`note ${i}`))];
    const timeline = find(tree(facts, after(400)), 'Timeline');
    assert.equal(timeline.description, '301 entries');
    assert.equal(timeline.children[0]!.label, 'Note: note 299');
    assert.equal(timeline.children.at(-1)!.label, '101 earlier');
  });

  it('shows events it does not know', () => {
    const incident = replay([anEvent(declared()), anUnknownEvent(2, 'SignalLinked')])!;
    find(incidentNodes(incident, guide, after(1)), 'Recorded by a newer version: SignalLinked');
  });

  it('never throws, uses no id twice, and speaks every row, whatever happened', () => {
    const step = fc.constantFrom('get-pods', 'grafana', 'scale', 'rollback', 'constructor');
    const facts = step.chain((id) =>
      fc.constantFrom(
        runStarted({ run: id, step: id }),
        runEnded({ run: id, outcome: { kind: 'timed-out', afterMs: 5 } }),
        stepDone(id, 'two\nlines'),
        fact('StepSkipped', { step: id, sequence: 'x', text: id, reason: 'no' }),
        entered(id),
        entered('mitigation'),
        fact('MitigatedMarked', { at: 'never' }),
        resolved(),
        fact('SeverityChanged', { severity: 'SEV1' }),
      ),
    );
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 20 }), (more) => {
        const twice = aGuide({ runbooks: [...guide.runbooks, ...guide.runbooks], links: [] });
        const nodes = all(tree([declared(), ...more], after(20), twice));
        assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
        for (const { label, accessibleLabel } of nodes) {
          assert.notEqual(label, '');
          assert.doesNotMatch(label, /\n/);
          assert.ok(accessibleLabel);
        }
      }),
    );
  });
});

describe('ids in a tree', () => {
  it('are made unique wherever they stand', () => {
    const node = (id: string, ...children: TreeNode[]): TreeNode => ({
      id,
      label: id,
      contextValue: '',
      children,
    });
    const ids = all(withUniqueIds([node('a', node('a')), node('a#2'), node('a')])).map(({ id }) => id);
    assert.equal(new Set(ids).size, 4);
    assert.equal(ids[0], 'a');
  });
});

describe('the tree of runbooks', () => {
  it('shows one guide’s runbooks alone, and several under their guides', () => {
    assert.equal(
      draw(runbookNodes([guide, aGuide({ runbooks: [] })])),
      `Service Unavailable (503) | 2 steps
  1. Check pods | kubectl get rb-pods
  2. Look at logs | kubectl get rb-logs`,
    );
    const two = runbookNodes([guide, aGuide({ file: 'b/other.md', title: undefined })]);
    assert.deepEqual(
      two.map(({ label }) => label),
      ['Incident Response', 'other.md'],
    );
    assert.deepEqual(runbookNodes([]), []);
  });
});

describe('the tree of past incidents', () => {
  const summary = (number: string, declaredAt: string, durationMs?: number) => ({
    id: number,
    number,
    title: 'Payments failing',
    severity: 'SEV2',
    service: undefined,
    status: durationMs === undefined ? ('active' as const) : ('resolved' as const),
    declaredAt,
    resolvedAt: undefined,
    durationMs,
  });
  it('is by month, newest first', () => {
    const nodes = historyNodes(
      [
        summary('2026-10-01-0001', '2026-10-01T10:00:00.000Z', 60_000),
        summary('2026-11-23-0001', '2026-11-23T10:00:00.000Z'),
        summary('2026-11-02-0001', '2026-11-02T10:00:00.000Z', 7_500_000),
      ],
      { now: after(5), openActions: [], imported: 0 },
    );
    assert.equal(
      draw(nodes),
      `2026-11 | 2
  SEV2 Payments failing | 2026-11-23-0001  active
  SEV2 Payments failing | 2026-11-02-0001  2 h 5 min
2026-10 | 1
  SEV2 Payments failing | 2026-10-01-0001  1 min`,
    );
    assert.deepEqual(
      nodes.map(({ expanded }) => expanded),
      ['expanded', 'collapsed'],
    );
  });

  it('begins with the actions that are open, and says how many are overdue; a day counts until it is over', () => {
    const row = (openActions: readonly string[]) =>
      historyNodes([], { now: after(5), openActions, imported: 0 })[0];
    assert.equal(row([]), undefined);
    assert.equal(row(['2026-11-23', ''])?.description, '2 open');
    assert.equal(row(['2026-11-23', '2026-11-22', ''])?.description, '1 overdue of 3 open');
    assert.equal(row(['2026-11-22'])?.icon, 'warning');
    assert.equal(row(['2026-11-22'])?.command?.id, 'incident.showActionItems');
  });
});
