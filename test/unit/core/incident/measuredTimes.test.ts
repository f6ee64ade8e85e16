import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { measuredTimes } from '../../../../src/core/incident/measuredTimes.ts';
import { acknowledged, after, declared, fact, incidentOf, resolved } from '../../../support/builders.ts';

const alert = (title: string, at: string): Fact =>
  fact('SignalAttached', {
    signal: {
      id: title,
      kind: 'alert',
      sources: ['Alertmanager'],
      title,
      startedAt: at,
      state: 'firing',
      labels: {},
    },
  });
const of = (...facts: readonly (Fact | readonly [at: string, fact: Fact])[]) =>
  measuredTimes(incidentOf(declared(), ...facts));
const onset = (minute: number) => fact('OnsetSet', { at: after(minute) });

describe('the times of an incident', () => {
  it('are measured from what is in the journal, with their two ends', () => {
    const times = of(
      onset(-10),
      alert('Second', after(-2)),
      alert('First', after(-6)),
      acknowledged(),
      fact('MitigatedMarked', { at: after(20) }),
      [after(25), resolved()],
    );
    assert.deepEqual(times.detect, {
      kind: 'known',
      ms: 4 * 60_000,
      from: { what: 'the onset', at: after(-10) },
      to: { what: 'the first alert, First', at: after(-6) },
    });
    assert.deepEqual(
      [times.acknowledge, times.mitigate, times.resolve].map(
        (one) => one.kind === 'known' && one.ms / 60_000,
      ),
      [4, 30, 35],
    );
  });

  it('go to the declare where no alert came before it, and not to a deploy that did', () => {
    const { detect } = of(onset(-10), alert('Late', after(3)));
    assert.equal(detect.kind === 'known' && detect.to.what, 'the declaration');
  });

  it('are unknown, each with its reason, where the journal does not tell', () => {
    const { detect, acknowledge, mitigate, resolve } = of();
    assert.deepEqual(
      [detect, acknowledge, mitigate, resolve].map((one) => one.kind === 'unknown' && one.because),
      ['the onset is unknown', 'nobody acknowledged it', 'nobody marked it mitigated', 'it is not resolved'],
    );
  });

  it('are never negative: what contradicts itself is unknown', () => {
    const { detect, mitigate } = of(
      onset(-5),
      alert('Early', after(-8)),
      fact('MitigatedMarked', { at: after(-6) }),
    );
    assert.deepEqual(detect, { kind: 'unknown', because: 'the first alert, Early is before the onset' });
    assert.deepEqual(mitigate, { kind: 'unknown', because: 'the mitigation is before the onset' });
    const late = of([after(10), resolved()], [after(25), fact('MitigatedMarked', { at: after(20) })]);
    assert.deepEqual(late.mitigate, { kind: 'unknown', because: 'the mitigation is after the resolution' });
    assert.equal(late.resolve.kind, 'known');
  });
});
