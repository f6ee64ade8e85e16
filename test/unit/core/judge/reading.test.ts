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

  it('keeps a bounded part of a table, and says that it is cut', () => {
    const rows = Array.from({ length: 5_000 }, () => 'Running');
    const { reading } = observe(stepOf(1, 'kubectl get pods'), podTable(...rows));
    assert.equal(reading?.pods?.total, 5_000);
    assert.equal(reading?.table?.cut, true);
    assert.ok(JSON.stringify(reading).length < 20_000);
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
