import assert from 'node:assert/strict';
import { createHealthy } from '../../../../src/simulator/scenario/healthy.ts';
import { createPaymentOverload } from '../../../../src/simulator/scenario/paymentOverload.ts';
import { answerPsql, maxConnections } from '../../../../src/simulator/scenario/shopDatabase.ts';
import { tick } from '../../../../src/simulator/state/tick.ts';
import type { CommandResult, World } from '../../../../src/simulator/state/world.ts';

const start = Date.parse('2026-11-23T10:00:00Z');
const counted = 'SELECT count(*) FROM pg_stat_activity';
const psql = (world: World, query = counted): CommandResult => {
  const pod = world.store.get('pods', 'production', 'postgres-0');
  assert.ok(pod);
  const result = world.behaviour.command(world, pod, ['psql', '-c', query]);
  assert.ok(result);
  return result;
};
function scale(world: World, replicas: number): void {
  const deployment = world.store.get('deployments', 'production', 'payment-service');
  assert.ok(deployment);
  world.store.update('deployments', deployment, (draft) => {
    draft.spec.replicas = replicas;
  });
  tick(world, world.now + 10 * 60_000);
}
const table = (...lines: readonly string[]): CommandResult => ({
  stdout: [...lines, '(1 row)', '', ''].join('\n'),
  stderr: '',
  exitCode: 0,
});

describe('the database of the simulated shop', () => {
  it('prints what psql 15 prints, space for space', () => {
    const asked = (query: string) => answerPsql(['psql', '-c', query], 6);
    assert.deepEqual(asked(counted), table(' count ', '-------', '     6'));
    assert.deepEqual(asked('show max_connections;'), table(' max_connections ', '-----------------', ' 100'));
    assert.deepEqual(
      asked("SELECT count(*), current_setting('max_connections') FROM pg_stat_activity"),
      table(' count | current_setting ', '-------+-----------------', '     6 | 100'),
    );
    assert.deepEqual(
      asked(
        "SELECT count(*) AS connections, current_setting('max_connections')::int AS max_connections FROM pg_stat_activity",
      ),
      table(
        ' connections | max_connections ',
        '-------------+-----------------',
        '           6 |             100',
      ),
    );
    const unknown = asked('SELECT 1');
    assert.deepEqual([unknown.exitCode, unknown.stdout], [1, '']);
    assert.match(unknown.stderr, /^ERROR: {2}the simulated database only knows/);
  });

  it('has more sessions with every pod of payment-service, and takes nobody once they are too many', () => {
    const world = createHealthy(start);
    assert.match(psql(world).stdout, /^ {4}22$/m);
    scale(world, 8);
    assert.match(psql(world).stdout, /^ {4}37$/m);
    scale(world, 29);
    assert.match(psql(world).stdout, new RegExp(`^ {3}${maxConnections}$`, 'm'));
    scale(world, 30);
    const refused = psql(world);
    assert.equal(refused.exitCode, 2);
    assert.equal(refused.stdout, '');
    assert.match(refused.stderr, /^psql: error: .*FATAL: {2}sorry, too many clients already\n$/);
    scale(world, 3);
    assert.match(psql(world).stdout, /^ {4}22$/m);
  });

  it('keeps the sessions of pods that were killed half open', () =>
    assert.match(psql(createPaymentOverload(start)).stdout, /^ {4}94$/m));
});
