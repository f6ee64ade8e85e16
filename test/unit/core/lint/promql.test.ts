import assert from 'node:assert/strict';
import { found, lint, lintCodes, runbook } from './linted.ts';

const promql = (...lines: string[]): string => runbook('promql', ...lines);

describe('queries of a guide', () => {
  it('are not read as a shell would read them', () => {
    for (const query of [
      'sum by (pod) (rate(http_requests_total{service="$service",code=~"5.."}[5m]))',
      'up < 5 and up > 3',
      'requests <limit and requests> 3',
      'up # of {{thingy}}',
      'rate(kubectl_requests_total{command="kubectl scale deployment"}[5m])',
      'sum({__name__=~"grep|curl -X POST .*"}) > 0',
    ])
      assert.deepEqual(lintCodes(promql(query)), [], query);
  });

  it('are told of variables that only Grafana fills in, where they stand', () => {
    const query = 'rate(http_requests_total[$__rate_interval])';
    const problem = found(promql(query), 'not-understood');
    assert.equal(problem.text, '$__rate_interval');
    assert.match(problem.message, /only Grafana gives a value/);
    assert.deepEqual(problem.fixes, []);
    assert.deepEqual(lintCodes(promql('up{job=~"${job:regex}"}')), ['not-understood']);
  });

  it('have placeholders of their own, whose kind is told where nobody can tell it', () => {
    const [problem, ...more] = lint(promql('up{thing="<thingy>",service="{{service}}"}[5m:] > <thingy>'));
    assert.deepEqual([problem?.code, more], ['placeholder-kind', []]);
    assert.match(problem?.message ?? '', /What <thingy> stands for/);
  });
});
