import assert from 'node:assert/strict';
import { createHealthy } from '../../../../../src/simulator/scenario/healthy.ts';
import { createPaymentOverload } from '../../../../../src/simulator/scenario/paymentOverload.ts';
import { terminatePod } from '../../../../../src/simulator/state/kubelet.ts';
import { renderAge } from '../../../../../src/simulator/systems/kubernetes/humanDuration.ts';
import { renderTable, wantsTable } from '../../../../../src/simulator/systems/kubernetes/table.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('an age', () => {
  const cases: readonly [number, string][] = [
    [-5 * second, '<invalid>'],
    [-500, '0s'],
    [0, '0s'],
    [119 * second, '119s'],
    [125 * second, '2m5s'],
    [5 * minute, '5m'],
    [9 * minute + 59 * second, '9m59s'],
    [10 * minute + 30 * second, '10m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [7 * hour + 5 * minute, '7h5m'],
    [8 * hour + 5 * minute, '8h'],
    [47 * hour, '47h'],
    [3 * day + 4 * hour, '3d4h'],
    [7 * day, '7d'],
    [12 * day + 5 * hour, '12d'],
    [729 * day, '729d'],
    [731 * day, '2y1d'],
    [9 * 365 * day, '9y'],
  ];
  for (const [ms, text] of cases) it(`of ${ms} ms is ${text}`, () => assert.equal(renderAge(ms), text));
});

describe('a table', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  type Table = {
    columnDefinitions: { name: string; priority: number }[] | null;
    rows: { cells: unknown[]; object?: unknown }[];
  };

  it('has the columns of pods, the wide ones by priority', () => {
    const world = createPaymentOverload(now);
    const pods = world.store.list('pods', 'production');
    const { columnDefinitions, rows } = renderTable('pods', pods, {
      nowMs: now + minute,
      version: 1,
    }) as unknown as Table;
    const titles = (priority: number): string[] =>
      (columnDefinitions ?? []).filter((column) => column.priority === priority).map(({ name }) => name);
    assert.deepEqual(titles(0), ['Name', 'Ready', 'Status', 'Restarts', 'Age']);
    assert.deepEqual(titles(1), ['IP', 'Node', 'Nominated Node', 'Readiness Gates']);
    const row = rows.find(({ cells }) => String(cells[0]).startsWith('payment-service'));
    assert.deepEqual(row?.cells.slice(1, 3), ['0/1', 'CrashLoopBackOff']);
    assert.match(String(row?.cells[3]), /^[345] \(\d+[ms]\d*s? ago\)$/);
  });

  it('shows a pod on its way out as Terminating', () => {
    const world = createHealthy(now);
    const pod = world.store.get('pods', 'production', 'postgres-0');
    assert.ok(pod);
    terminatePod(world, pod);
    const pods = world.store
      .list('pods', 'production')
      .filter(({ metadata }) => metadata.name === 'postgres-0');
    const { rows } = renderTable('pods', pods, { nowMs: now, version: 1 }) as unknown as Table;
    assert.deepEqual(rows[0]?.cells.slice(0, 4), ['postgres-0', '1/1', 'Terminating', '0']);
  });

  it('carries as much of the object as was asked for', () => {
    const nodes = createHealthy(now).store.list('nodes');
    const first = (include: 'None' | 'Metadata' | 'Object'): unknown =>
      (renderTable('nodes', nodes, { nowMs: now, version: 1, include }) as unknown as Table).rows[0]?.object;
    assert.equal(first('None'), undefined);
    assert.equal((first('Metadata') as { kind: string }).kind, 'PartialObjectMetadata');
    assert.equal((first('Object') as { kind: string }).kind, 'Node');
  });

  it('is what kubectl asks for, and a list is not', () => {
    const kubectl =
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
    assert.equal(wantsTable(kubectl), true);
    assert.equal(
      wantsTable('application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json'),
      false,
    );
    assert.equal(wantsTable('application/json'), false);
    assert.equal(wantsTable(undefined), false);
  });
});
