import assert from 'node:assert/strict';
import type { SignalSource, SourceReading, SourceResult } from '../../../../src/core/signals/signalSource.ts';
import { createSignalFeed, type SignalFeed } from '../../../../src/editor/signals/signalFeed.ts';
import { recordOf } from '../../../../src/core/signals/incomingSignal.ts';
import { alert, page } from '../../core/signals/signals.ts';

const start = Date.parse('2026-11-23T10:30:00.000Z');
const reading = (more: Partial<SourceReading> = {}): SourceResult => ({
  ok: true,
  value: { signals: [alert()], complete: true, ...more },
});
const refused: SourceResult = { ok: false, failure: { code: 'unreachable', message: 'nobody there' } };

const answeredOf = (feed: SignalFeed): readonly string[] =>
  feed.servers().flatMap(({ name, answered }) => (answered ? [name] : []));

/** A feed on a clock that only the test moves, and sources that answer when the test says so. */
function feedOf(...names: readonly string[]) {
  let now = start;
  let timers: { at: number; act: () => void }[] = [];
  const asked: string[] = [];
  const open = new Map<string, { answer: (result: SourceResult) => void; signal: AbortSignal }>();
  const source = (name: string, key = name): SignalSource => ({
    name,
    key,
    kind: name === 'Argo CD' ? 'changes' : 'alerts',
    read: (signal) =>
      new Promise((resolve) => {
        asked.push(name);
        open.set(name, { answer: resolve, signal: signal as AbortSignal });
      }),
  });
  const settings = { sources: names.map((name) => source(name)), isAllowed: true };
  const feed: SignalFeed = createSignalFeed({
    sources: () => settings.sources,
    serviceLabels: () => ['service'],
    pollMs: () => 30_000,
    isAllowed: () => settings.isAllowed,
    now: () => new Date(now).toISOString(),
    schedule: (ms, act) => {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
  });
  let changes = 0;
  feed.onDidChange(() => changes++);
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    feed,
    settings,
    source,
    changes: () => changes,
    timers: () => timers.length,
    signalOf: (name: string) => open.get(name)?.signal,
    /** Who was asked since the last call. */
    asked: () => asked.splice(0),
    answer: async (name: string, result: SourceResult = reading()) => {
      open.get(name)?.answer(result);
      await settle();
    },
    advance: async (seconds: number) => {
      const end = now + seconds * 1000;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        now = Math.max(now, next.at);
        timers = timers.filter((one) => one !== next);
        next.act();
        await settle();
      }
      now = end;
    },
  };
}

describe('the feed of signals', () => {
  it('says of each signal which servers told of it', async () => {
    const { feed, settings, source, answer } = feedOf();
    settings.sources = [
      { ...source('Alertmanager', 'am ana'), origin: 'am' },
      { ...source('Prometheus', 'prom'), origin: 'prom' },
      source('PagerDuty', 'pd'),
    ];
    feed.want(true);
    await answer('Alertmanager');
    await answer('Prometheus', reading({ signals: [alert({ sources: ['Prometheus'] })] }));
    await answer('PagerDuty', reading({ signals: [page('Q1')] }));
    const told = feed.signals().map(({ kind, servers, origins }) => [kind, servers, origins]);
    assert.deepEqual(told, [
      ['page', ['pd'], undefined],
      ['alert', ['am ana', 'prom'], ['am', 'prom']],
    ]);
    assert.deepEqual(Object.keys(recordOf(feed.signals()[1] ?? page())).includes('servers'), false);
  });

  it('asks nobody before somebody wants to know', async () => {
    const { advance, asked, timers } = feedOf('Alertmanager');
    await advance(600);
    assert.deepEqual(asked(), []);
    assert.equal(timers(), 0);
  });

  it('asks at once, then at every interval after the answer, changes four times as seldom', async () => {
    const { feed, asked, answer, advance, changes } = feedOf('Alertmanager', 'Argo CD');
    feed.want(true);
    assert.deepEqual(asked(), ['Alertmanager', 'Argo CD']);
    const before = changes();
    await answer('Alertmanager');
    assert.equal(changes(), before + 1);
    assert.deepEqual(
      feed.signals().map(({ title }) => title),
      ['PaymentErrorRateHigh'],
    );
    await answer('Argo CD', reading({ signals: [] }));
    await advance(29);
    assert.deepEqual(asked(), []);
    await advance(1);
    assert.deepEqual(asked(), ['Alertmanager']);
    await answer('Alertmanager');
    for (const _ of [1, 2, 3]) {
      await advance(30);
      await answer('Alertmanager');
    }
    assert.deepEqual(asked(), ['Alertmanager', 'Alertmanager', 'Alertmanager', 'Argo CD']);
  });

  it('does not ask one that has not answered yet a second time, and does not wait for it with the others', async () => {
    const { feed, asked, answer, advance } = feedOf('Alertmanager', 'Prometheus');
    feed.want(true);
    asked();
    await answer('Prometheus');
    void feed.refresh();
    assert.deepEqual(asked(), ['Prometheus']);
    await answer('Prometheus');
    await advance(30);
    assert.deepEqual(asked(), ['Prometheus']);
  });

  it('keeps what a failing source said, shows since when it fails, and asks it less and less often', async () => {
    const { feed, asked, answer, advance } = feedOf('Alertmanager');
    feed.want(true);
    await answer('Alertmanager');
    await advance(30);
    await answer('Alertmanager', refused);
    asked();
    assert.equal(feed.signals().length, 1);
    const [health] = feed.health();
    assert.equal(health?.failure?.message, 'nobody there');
    assert.equal(health.lastAnswerAt, new Date(start).toISOString());
    assert.deepEqual(answeredOf(feed), [], 'its silence is no all-clear');
    await advance(30);
    await answer('Alertmanager', refused);
    assert.deepEqual(asked(), ['Alertmanager']);
    await advance(59);
    assert.deepEqual(asked(), []);
    await advance(1);
    assert.deepEqual(asked(), ['Alertmanager']);
    await answer('Alertmanager', reading({ signals: [] }));
    assert.deepEqual(answeredOf(feed), ['Alertmanager']);
    assert.equal(feed.health()[0]?.failure, undefined);
  });

  it('asks a failing source at once when a person refreshes', async () => {
    const { feed, asked, answer } = feedOf('Alertmanager');
    feed.want(true);
    await answer('Alertmanager', refused);
    asked();
    const refreshed = feed.refresh();
    assert.deepEqual(asked(), ['Alertmanager']);
    await answer('Alertmanager');
    await refreshed;
    assert.equal(feed.signals().length, 1);
  });

  it('asks the sources of alerts alone where only they are wanted, and waits for no other', async () => {
    const { feed, asked, answer } = feedOf('Alertmanager', 'Argo CD');
    const refreshed = feed.refresh('alerts');
    assert.deepEqual(asked(), ['Alertmanager']);
    await answer('Alertmanager');
    await refreshed;
    assert.deepEqual(answeredOf(feed), ['Alertmanager']);
  });

  it('stops what is under way when nobody wants to know any more, and asks again when somebody does', async () => {
    const { feed, asked, answer, advance, signalOf, timers } = feedOf('Alertmanager');
    feed.want(true);
    feed.want(false);
    assert.equal(signalOf('Alertmanager')?.aborted, true);
    await answer('Alertmanager');
    assert.deepEqual(feed.signals(), [], 'a stopped answer counts for nothing');
    await advance(600);
    assert.equal(timers(), 0);
    asked();
    feed.want(true);
    assert.deepEqual(asked(), ['Alertmanager']);
  });

  it('forgets what another server said when the settings name a new one', async () => {
    const { feed, settings, source, asked, answer } = feedOf('Alertmanager', 'Prometheus');
    feed.want(true);
    await answer('Alertmanager');
    await answer('Prometheus', reading({ signals: [] }));
    asked();
    settings.sources = [source('Alertmanager', 'elsewhere'), source('Prometheus')];
    feed.reload();
    assert.deepEqual(feed.signals(), []);
    assert.deepEqual(asked(), ['Alertmanager'], 'the one that is the same is not asked anew');
    settings.sources = [];
    feed.reload();
    assert.deepEqual(feed.health(), []);
  });

  it('asks nobody where nothing may leave, and begins when it may', async () => {
    const { feed, settings, asked, advance } = feedOf('Alertmanager');
    settings.isAllowed = false;
    feed.want(true);
    await feed.refresh();
    await advance(600);
    assert.deepEqual(asked(), []);
    assert.deepEqual(feed.health(), []);
    settings.isAllowed = true;
    feed.reload();
    assert.deepEqual(asked(), ['Alertmanager']);
  });

  it('tells of a source that throws, and goes on with the others', async () => {
    const { feed, settings, source, answer } = feedOf('Prometheus');
    settings.sources = [
      { ...source('Alertmanager'), read: () => Promise.reject(new Error('a bug')) },
      source('Prometheus'),
    ];
    feed.want(true);
    await answer('Prometheus');
    assert.match(feed.health()[0]?.failure?.message ?? '', /our side/);
    assert.equal(feed.signals().length, 1);
  });

  it('is silent after its end', async () => {
    const { feed, asked, answer, advance, changes, signalOf } = feedOf('Alertmanager');
    feed.want(true);
    const before = changes();
    feed.dispose();
    assert.equal(signalOf('Alertmanager')?.aborted, true);
    await answer('Alertmanager');
    asked();
    await advance(600);
    feed.want(true);
    await feed.refresh();
    assert.deepEqual(asked(), []);
    assert.equal(changes(), before);
  });
});
