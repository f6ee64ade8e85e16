import assert from 'node:assert/strict';
import { observe, podTable, stepOf } from './judging.ts';

describe('a reading', () => {
  it('counts errors by the endpoint that lines name, ids in paths as one', () => {
    const { reading } = observe(
      stepOf(1, 'kubectl logs -n production -l app=payment --since=10m'),
      [
        '2026-11-23T10:00:00Z ERROR POST /api/orders/4711/pay 503 upstream',
        '2026-11-23T10:00:01Z ERROR POST /api/orders/4712/pay 503 upstream',
        '{"level":"error","method":"GET","path":"/api/cart","msg":"timeout"}',
        'level=info GET /api/cart 200',
        'level=error msg="no route here"',
      ].join('\n'),
    );
    assert.deepEqual(reading?.logs, {
      errors: 4,
      byEndpoint: [
        { endpoint: 'POST /api/orders/:id/pay', errors: 2 },
        { endpoint: 'GET /api/cart', errors: 1 },
      ],
    });
  });

  it('has the limit of connections from a column named after the function only where the command asks for that alone', () => {
    const databaseOf = (query: string, head: string, row: string) =>
      observe(
        stepOf(1, `kubectl exec db-0 -n production -- psql -c "${query}"`),
        ` ${head}\n${head.replace(/[^|]/g, '-').replaceAll('|', '+')}--\n ${row}\n(1 row)\n`,
      ).reading?.database;
    const count = 'SELECT count(*)';
    const from = 'FROM pg_stat_activity';
    const both = 'count | current_setting';
    for (const asked of [
      "current_setting('max_connections')",
      "current_setting('max_connections')::int",
      "current_setting( 'max_connections' , true)",
      "CURRENT_SETTING('MAX_CONNECTIONS')",
    ])
      assert.deepEqual(databaseOf(`${count}, ${asked} ${from}`, both, '6 | 100'), {
        connections: 6,
        limit: 100,
      });
    assert.deepEqual(databaseOf(`${count}, current_setting('work_mem') ${from}`, both, '6 | 4096'), {
      connections: 6,
    });
    assert.deepEqual(
      databaseOf(
        `${count}, current_setting('max_connections'), current_setting('port') ${from}`,
        'count | current_setting | current_setting',
        '6 | 100 | 5432',
      ),
      { connections: 6 },
      'which of the two it is nobody says',
    );
    assert.deepEqual(
      databaseOf(
        `${count}, current_setting('max_connections')::int AS most ${from}`,
        'count | most',
        '6 | 100',
      ),
      { connections: 6 },
    );
  });

  it('keeps a bounded part of a table, and says that it is cut', () => {
    const rows = Array.from({ length: 5_000 }, () => 'Running');
    const { reading } = observe(stepOf(1, 'kubectl get pods'), podTable(...rows));
    assert.equal(reading?.pods?.total, 5_000);
    assert.equal(reading?.table?.cut, true);
    assert.ok(JSON.stringify(reading).length < 20_000);
  });

  it('is a table of what kubectl top prints, whose heads are not all in capitals', () => {
    const pods = observe(
      stepOf(1, 'kubectl top pods -n production'),
      'NAME          CPU(cores)   MEMORY(bytes)   \npayment-7d9   250m         612Mi           \ncart-6f8      3m           58Mi            \n',
    ).reading?.table;
    assert.deepEqual(pods?.columns, ['NAME', 'CPU(cores)', 'MEMORY(bytes)']);
    assert.deepEqual(pods?.rows, [
      ['payment-7d9', '250m', '612Mi'],
      ['cart-6f8', '3m', '58Mi'],
    ]);
    const nodes = observe(
      stepOf(1, 'kubectl top nodes'),
      'NAME     CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)   \nnode-1   910m         22%      6012Mi          78%         \n',
    ).reading?.table;
    assert.deepEqual(nodes?.columns, ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']);
    assert.deepEqual(nodes?.rows[0]?.slice(1), ['910m', '22%', '6012Mi', '78%']);
  });

  it('takes no sentence for the head of a table', () => {
    for (const line of ['Name  Age', 'ERROR  (fatal)  x', 'Done  OK(all)'])
      assert.equal(observe(stepOf(1, 'make deploy'), `${line}\na  b\n`).reading, undefined, line);
  });

  it('is none where the output says nothing that can be read', () => {
    assert.equal(observe(stepOf(1, 'make deploy'), 'done\n').reading, undefined);
  });

  it('knows that a selector found no pods', () => {
    const { reading } = observe(
      stepOf(1, 'kubectl get pods'),
      'No resources found in production namespace.\n',
    );
    assert.equal(reading?.pods?.total, 0);
  });
});
