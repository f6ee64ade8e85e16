import { healthy, incidentAfter, isVerdict, pods, stepOf, when } from './judging.ts';

describe('what is compared by size', () => {
  it('cannot compare by size what is no number, nor its contrary', () => {
    const curl = stepOf(1, 'curl https://x.example/lag');
    const lag = (value: string) => incidentAfter([curl, `{"lag":${value}}`]);
    for (const operator of ['<', '<=', '>', '>='])
      for (const not of ['', 'not '])
        isVerdict(
          when(`${not}json("$.lag") ${operator} 100`, lag('"unknown"')),
          'cannot-tell',
          /“unknown” is no num/,
        );
    isVerdict(when('not json("$.lag") > 100', lag('"99"')), 'applies', /is 99/);
    isVerdict(when('json("$.lag") > 100 or exit == 0', lag('"unknown"')), 'applies', /exit code 0/);
    isVerdict(
      when('$limit >= rows', { ...incidentAfter([pods, healthy]), values: { limit: 'many' } }),
      'cannot-tell',
      /“many” is no number/,
    );
    isVerdict(when('json("$.lag") == 100', lag('"unknown"')), 'does-not-apply', /is unknown/);
  });

  it('reads restarts by their number, and figures with the same unit', () => {
    const table = (...restarts: readonly string[]) =>
      [
        'NAME   READY   STATUS    RESTARTS       AGE',
        ...restarts.map((each) => `web    1/1     Running   ${each.padEnd(14)} 4d`),
        '',
      ].join('\n');
    const of = (...restarts: readonly string[]) => incidentAfter([pods, table(...restarts)]);
    isVerdict(when('any cell("RESTARTS") > 5', of('0', '12 (3m ago)')), 'applies', /^1 of 2 rows/);
    isVerdict(when('any cell("RESTARTS") > 5', of('0', '2 (3m ago)')), 'does-not-apply', /^0 of 2 rows/);
    isVerdict(when('every cell("RESTARTS") == 2', of('2 (3m ago)', '2')), 'applies', /^2 of 2 rows/);
    isVerdict(when('any cell("RESTARTS") contains "3m ago"', of('2 (3m ago)')), 'applies', /./);
    const top = stepOf(1, 'kubectl top pods');
    const usage = (...cpu: readonly string[]) =>
      incidentAfter([
        top,
        [
          'NAME   CPU(cores)   MEMORY(bytes)',
          ...cpu.map((each) => `web    ${each.padEnd(12)} 61Mi`),
          '',
        ].join('\n'),
      ]);
    isVerdict(when('any cell("CPU(cores)") > "200m"', usage('90m', '1250m')), 'applies', /^1 of 2 rows/);
    isVerdict(when('any cell("CPU(cores)") > "200m"', usage('90m')), 'does-not-apply', /^0 of 1 rows/);
    isVerdict(
      when('any cell("MEMORY(bytes)") > "1Gi"', usage('90m')),
      'cannot-tell',
      /“61Mi” is no number of “Gi”/,
    );
    // One row that fits is enough, one that cannot be compared is not none.
    isVerdict(
      when('any cell("CPU(cores)") > "200m"', usage('<unknown>', '1250m')),
      'applies',
      /^1 of 2 rows/,
    );
    isVerdict(
      when('any cell("CPU(cores)") > "200m"', usage('<unknown>', '90m')),
      'cannot-tell',
      /“<unknown>” is no number/,
    );
    isVerdict(
      when('every cell("CPU(cores)") > "200m"', usage('<unknown>', '90m')),
      'does-not-apply',
      /^0 of 2/,
    );
    isVerdict(
      when('every cell("CPU(cores)") > "200m"', usage('<unknown>', '1250m')),
      'cannot-tell',
      /no number/,
    );
  });
});
