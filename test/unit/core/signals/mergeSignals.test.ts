import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alertFingerprint } from '../../../../src/core/signals/alertFingerprint.ts';
import { groupSignals } from '../../../../src/core/signals/groupSignals.ts';
import { findSameSignal, mergeSignals } from '../../../../src/core/signals/mergeSignals.ts';
import { defaultServiceLabels } from '../../../../src/core/signals/serviceOf.ts';
import { after } from '../../../support/builders.ts';
import { alert, change } from './signals.ts';

const merge = (...signals: Parameters<typeof mergeSignals>[0]) => mergeSignals(signals, defaultServiceLabels);

/** The same hash the slow way, on whole 64-bit numbers. */
function plainFingerprint(labels: Readonly<Record<string, string>>): string {
  let hash = 0xcbf29ce484222325n;
  const bytes = Object.keys(labels)
    .sort()
    .flatMap((name) => [...Buffer.from(name), 0xff, ...Buffer.from(labels[name] ?? ''), 0xff]);
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

describe('the fingerprint of an alert', () => {
  it("is Alertmanager's own", () => {
    // From the tests of prometheus/common, model/signature_test.go.
    const labels = { name: 'garland, briggs', fear: 'love is not enough' };
    assert.equal(BigInt(`0x${alertFingerprint(labels)}`), 5799056148416392346n);
    assert.equal(alertFingerprint({}), 'cbf29ce484222325');
  });

  it('is the same hash for any labels, in any order', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        (labels) => {
          const reversed = Object.fromEntries(Object.entries(labels).reverse());
          assert.equal(alertFingerprint(labels), plainFingerprint(labels));
          assert.equal(alertFingerprint(reversed), alertFingerprint(labels));
        },
      ),
    );
  });
});

describe('merging what several sources tell', () => {
  const labels = alert().labels;

  it('makes one signal of the alert that Prometheus and Alertmanager both know', () => {
    const [only, ...others] = merge(
      alert({ summary: '7% fail', url: 'https://alertmanager.example/#/alerts' }),
      alert({ sources: ['Prometheus'], startedAt: after(-7), runbookUrl: 'https://runbooks.example/a' }),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(only?.sources, ['Alertmanager', 'Prometheus']);
    assert.equal(only.startedAt, after(-7), 'pending is part of how long it has been so');
    assert.equal(only.summary, '7% fail');
    assert.equal(only.runbookUrl, 'https://runbooks.example/a');
  });

  it('knows it by its labels when Alertmanager has the external ones too', () => {
    const external = alert({ labels: { ...labels, cluster: 'eu', prometheus: 'monitoring/k8s' } });
    const [only, ...others] = merge(alert({ sources: ['Prometheus'] }), external);
    assert.deepEqual(others, []);
    assert.equal(only?.id, external.id);
    assert.deepEqual(only.sources, ['Alertmanager', 'Prometheus']);
  });

  it('keeps apart what could be either of two', () => {
    const east = alert({ labels: { ...labels, cluster: 'east' } });
    const west = alert({ labels: { ...labels, cluster: 'west' } });
    assert.equal(merge(alert({ sources: ['Prometheus'] }), east, west).length, 3);
  });

  it('does not take two alerts of one source for the same, whatever their labels', () => {
    const narrow = alert();
    const wide = alert({ labels: { ...labels, pod: 'payment-1' } });
    assert.equal(merge(narrow, wide).length, 2);
    assert.equal(findSameSignal([wide], narrow), undefined);
    const both = alert({ sources: ['Alertmanager', 'Prometheus'] });
    assert.equal(merge(both, wide).length, 2);
  });

  it('believes Alertmanager that an alert is silenced, and either of them that it fires', () => {
    const stateOf = (...signals: Parameters<typeof mergeSignals>[0]) => merge(...signals)[0]?.state;
    assert.equal(stateOf(alert({ state: 'silenced' }), alert({ sources: ['Prometheus'] })), 'silenced');
    assert.equal(stateOf(alert({ sources: ['Prometheus'] }), alert({ state: 'silenced' })), 'silenced');
    assert.equal(stateOf(alert({ sources: ['Prometheus'], state: 'pending' }), alert()), 'firing');
  });

  it('takes the service from the first label of the setting that is there', () => {
    const one = { alertname: 'A', job: 'checkout', team: 'shop' };
    assert.equal(merge(alert({ labels: one }))[0]?.service, 'checkout');
    assert.equal(mergeSignals([alert({ labels: one })], ['team', 'job'])[0]?.service, 'shop');
    assert.equal(mergeSignals([alert({ labels: one })], [])[0]?.service, undefined);
  });

  it('says each thing once, in whatever order the sources answer', () => {
    const anAlert = fc
      .record({
        alertname: fc.constantFrom('A', 'B'),
        pod: fc.constantFrom('1', '2', '3'),
        cluster: fc.option(fc.constantFrom('east', 'west'), { nil: undefined }),
        source: fc.constantFrom('Alertmanager', 'Prometheus'),
      })
      .map(({ source, cluster, ...own }) =>
        alert({ labels: { ...own, ...(cluster === undefined ? {} : { cluster }) }, sources: [source] }),
      );
    fc.assert(
      fc.property(fc.array(anAlert, { maxLength: 8 }), (signals) => {
        const merged = merge(...signals);
        assert.equal(new Set(merged.map(({ id }) => id)).size, merged.length);
        const told = (list: typeof signals) =>
          list.map(({ id, sources }) => `${id} ${[...sources].sort().join()}`);
        assert.deepEqual(told([...merge(...[...signals].reverse())]).sort(), told([...merged]).sort());
        for (const { id } of signals) {
          const wide =
            merged.find((one) => one.id === id) ??
            findSameSignal(
              merged,
              signals.find((s) => s.id === id)!,
            );
          assert.ok(wide, 'nothing is lost');
        }
      }),
    );
  });
});

describe('grouping signals', () => {
  it('puts alerts under their service, the newest service and alert first, and those of no service last', () => {
    const old = alert({ labels: { alertname: 'Old', service: 'payment-service' }, startedAt: after(-90) });
    const page = alert({
      id: 'pagerduty/1',
      kind: 'page',
      service: 'Payment Service',
      labels: {},
      startedAt: after(-1),
    });
    const other = alert({ labels: { alertname: 'Slow', service: 'search' }, startedAt: after(-5) });
    const nobody = alert({ labels: { alertname: 'Watchdog' }, startedAt: after(0) });
    const { services } = groupSignals([old, other, nobody, page]);
    assert.deepEqual(
      services.map(({ service, signals }) => [service, signals.map(({ id }) => id)]),
      [
        ['Payment Service', [page.id, old.id]],
        ['search', [other.id]],
        [undefined, [nobody.id]],
      ],
    );
  });

  it('keeps what is silenced and what merely happened out of the services, and forgets what has ended', () => {
    const quiet = alert({ state: 'silenced' });
    const ended = alert({ labels: { alertname: 'Ended' }, state: 'resolved' });
    const grouped = groupSignals([quiet, ended, change()]);
    assert.deepEqual(grouped, { services: [], quiet: [quiet], changes: [change()] });
  });
});
