import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import type { CheckState } from '../../../../src/core/resolution/check.ts';
import { resolutionItems } from '../../../../src/core/resolution/resolutionState.ts';
import { incidentNodes } from '../../../../src/core/views/incidentTree.ts';
import { openText, waysOut } from '../../../../src/core/views/resolutionRows.ts';
import { statusBarOf } from '../../../../src/core/views/statusBar.ts';
import type { TreeNode } from '../../../../src/core/views/treeNode.ts';
import { aGuide, after, declared, fact, incidentOf } from '../../../support/builders.ts';

const guide = aGuide();
type Timed = readonly [string, Fact];
const looked = (minute: number, state: CheckState): Timed => [
  after(minute),
  fact('ResolutionChecked', {
    soak: 'soak-1',
    checks: [
      {
        check: 'metrics',
        text: 'Metrics are normal',
        kinds: ['metrics'],
        state,
        sentence: '0.1% of requests fail, as before',
        evidence: ['0.1%'],
        at: after(minute),
      },
    ],
  }),
];
const soak = (minute: number): Timed => [
  after(minute),
  fact('SoakStarted', { soak: 'soak-1', durationMs: 600_000, then: 'ask' }),
];
const relapse = (minute: number): Timed => [
  after(minute),
  fact('RelapseSeen', { soak: 'soak-1', sentences: ['No active alerts: 1 active alert'] }),
];
const all = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
  nodes.flatMap((node) => [node, ...all(node.children)]);
const draw = (minute: number, ...facts: readonly Timed[]) => {
  const nodes = all(incidentNodes(incidentOf(declared(), ...facts), guide, after(minute)));
  return (label: string): TreeNode => {
    const node = nodes.find((one) => one.label === label);
    assert.ok(node, `${label} among ${nodes.map((one) => one.label).join(', ')}`);
    return node;
  };
};

describe('a resolution in the tree', () => {
  it('shows each check with its state in words, its age and its figures; green only while it is fresh', () => {
    const fresh = draw(6, looked(5, 'good'))('Metrics are normal');
    assert.deepEqual(
      [fresh.description, fresh.color],
      ['good, 1 min ago: 0.1% of requests fail, as before', 'testing.iconPassed'],
    );
    assert.match(fresh.tooltip ?? '', /Looked at 10:35 UTC, 1 min ago\n0\.1%/);
    assert.equal(
      fresh.accessibleLabel,
      'Metrics are normal, good, 1 min ago, 0.1% of requests fail, as before',
    );
    const old = draw(30, looked(5, 'good'))('Metrics are normal');
    assert.deepEqual([old.description, old.color], ['was good 25 min ago, look again', undefined]);
    const open = draw(6, looked(5, 'not-checked'))('Metrics are normal');
    assert.deepEqual([open.icon, open.color], ['question', 'list.warningForeground']);
  });

  it('shows the window that runs, and a relapse at the top with what a click does', () => {
    assert.equal(draw(14, soak(10), looked(12, 'good'))('Soak window').description, '6:00 of 10 min left');
    const node = draw(14, soak(10), relapse(12))('Relapse: click to reopen');
    assert.deepEqual(node.command, { id: 'incident.reopen', args: ['01JDINCIDENT'] });
    assert.equal(node.description, 'No active alerts: 1 active alert');
  });

  it('shows what was not good when the window passed, and nothing green then', () => {
    const passed = (...open: readonly string[]): readonly Timed[] => [
      soak(10),
      [after(20), fact('SoakPassed', { soak: 'soak-1', unwatchedMs: 0, open })],
    ];
    const fine = draw(21, ...passed())('Soak window passed');
    assert.deepEqual([fine.icon, fine.description], ['pass', 'click to resolve']);
    const node = draw(21, ...passed('"Check pods" still runs'))('Soak window passed');
    assert.deepEqual([node.icon, node.description], ['warning', 'not all good: "Check pods" still runs']);
    const bar = (...open: readonly string[]): string =>
      statusBarOf(incidentOf(declared(), ...passed(...open)), guide, after(21)).text;
    assert.match(bar(), /\$\(pass\) soak passed/);
    assert.match(bar('"Check pods" still runs'), /\$\(warning\) soak passed, 1 open/);
  });

  it('shows what became of earlier windows', () => {
    const reopened: Timed = [after(13), fact('IncidentReopened', {})];
    const find = draw(14, soak(10), relapse(12), reopened, looked(13, 'good'));
    assert.equal(
      find('Watched from 10:40 UTC, reopened').description,
      'relapse: No active alerts: 1 active alert',
    );
  });

  it('shows who writes the post-mortem once it is over, and that nobody does', () => {
    const over: Timed = [after(9), fact('IncidentResolved', { heads: {} })];
    const owner: Timed = [after(9), fact('PostMortemOwnerSet', { owner: 'Ben' })];
    assert.equal(draw(10, over)('Post-mortem: nobody yet').description, 'click to say who writes it');
    assert.ok(draw(10, over, owner)('Post-mortem: Ben'));
  });
});

describe('the ways out of an incident', () => {
  const ways = (soakMs: number, ...facts: readonly Timed[]) => {
    const incident = incidentOf(declared(), ...facts);
    return waysOut(incident, resolutionItems(incident, guide, after(14)), soakMs, after(14));
  };
  const labels = (soakMs: number, ...facts: readonly Timed[]) => ways(soakMs, ...facts).map(({ way }) => way);

  it('propose to watch first, and nothing of it where there is no window', () => {
    assert.deepEqual(labels(600_000), ['soak-ask', 'soak-resolve', 'resolve', 'look']);
    assert.deepEqual(labels(0), ['resolve', 'look']);
    assert.equal(ways(5_000)[0]?.label, 'Watch for 5 s, then ask me');
    assert.match(ways(600_000)[0]?.description ?? '', /^3 checks need a reason$/);
  });

  it('propose what fits a window that runs, has passed, or has relapsed', () => {
    assert.equal(labels(600_000, soak(10), looked(13, 'good'))[0], 'look');
    assert.equal(labels(600_000, soak(10), relapse(12))[0], 'reopen');
    const passed: Timed = [after(12), fact('SoakPassed', { soak: 'soak-1', unwatchedMs: 0, open: [] })];
    assert.equal(labels(600_000, soak(10), passed)[0], 'resolve');
  });

  it('name what a reason is asked for', () => {
    const incident = incidentOf(declared(), looked(13, 'bad'));
    assert.equal(
      openText(resolutionItems(incident, guide, after(14))),
      'Metrics are normal (bad), Logs show no errors (not checked), Pods are ready (not checked)',
    );
  });
});

describe('a soak window in the status bar', () => {
  const bar = (...facts: readonly Timed[]) =>
    statusBarOf(incidentOf(declared(), ...facts), undefined, after(14));
  it('counts down, and is red after a relapse', () => {
    assert.match(bar(soak(10), looked(12, 'good')).text, /\$\(watch\) soak 6:00 left/);
    const relapsed = bar(soak(10), relapse(12));
    assert.deepEqual([relapsed.tone, /relapse/.test(relapsed.text)], ['error', true]);
    assert.match(relapsed.tooltip, /Relapse within the soak window: No active alerts/);
  });
});
