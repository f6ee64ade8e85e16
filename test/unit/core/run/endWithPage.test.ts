import assert from 'node:assert/strict';
import type { Plan } from '../../../../src/core/plan/plan.ts';
import { endWithPage, pageClosed } from '../../../../src/core/run/endWithPage.ts';

describe('the end of a run with its page', () => {
  const stopsOf = (kind: Plan['kind'], signal: AbortSignal | undefined) => {
    const stops: string[] = [];
    const letGo = endWithPage({ kind } as Plan, signal, (why) => stops.push(why));
    return { stops, letGo };
  };

  it('comes for a query, once, and says why', () => {
    const page = new AbortController();
    const { stops } = stopsOf('query', page.signal);
    assert.deepEqual(stops, []);
    page.abort();
    page.abort();
    assert.deepEqual(stops, [pageClosed]);
  });

  it('comes at once where the page was closed before the run could begin', () =>
    assert.deepEqual(stopsOf('query', AbortSignal.abort()).stops, [pageClosed]));

  const others = ['kubernetes', 'argocd', 'rds', 'http', 'flag', 'shell', 'manual'] as const;
  for (const kind of others)
    it(`never comes for what is no query: ${kind}`, () => {
      const page = new AbortController();
      const { stops } = stopsOf(kind, page.signal);
      page.abort();
      assert.deepEqual([stops, stopsOf(kind, AbortSignal.abort()).stops], [[], []]);
    });

  it('never comes for a run that was started elsewhere, or that has ended already', () => {
    assert.deepEqual(stopsOf('query', undefined).stops, []);
    const page = new AbortController();
    const { stops, letGo } = stopsOf('query', page.signal);
    letGo();
    page.abort();
    assert.deepEqual(stops, []);
  });
});
