import assert from 'node:assert/strict';
import { recordOf, type LiveSignal } from '../../../../src/core/signals/incomingSignal.ts';
import { seenStates, withShown, type Server, type Shown } from '../../../../src/core/signals/seenStates.ts';
import { after, declared, fact, incidentOf } from '../../../support/builders.ts';
import { alert, page } from './signals.ts';

const server = (name: string, address: string, answered = true): Server => ({
  name,
  key: `${name} ${address} user`,
  origin: `${name} ${address}`,
  answered,
});
const eu = server('Alertmanager', 'https://eu.example');
const us = server('Alertmanager', 'https://us.example');
const prometheus = server('Prometheus', 'https://eu.example');
const silent = (one: Server): Server => ({ ...one, answered: false });
const pagerDuty: Server = { ...server('PagerDuty', 'https://api.pagerduty.com'), origin: undefined };
/** The alert as these servers tell it. */
const toldBy = (servers: readonly Server[], more: Partial<LiveSignal> = {}): LiveSignal => ({
  ...alert(more),
  sources: servers.map(({ name }) => name),
  servers: servers.map(({ key }) => key),
  origins: servers.flatMap(({ origin }) => origin ?? []),
});
const of = (signal: LiveSignal) =>
  incidentOf(declared(), fact('SignalAttached', { signal: recordOf(signal) }));
const nobody: Shown = new Map();
const states = (
  signal: LiveSignal,
  servers: readonly Server[],
  signals: readonly LiveSignal[] = [],
  shown = nobody,
) => seenStates(of(signal), { signals, servers, shown }, after(5)).map(({ state }) => state);

describe('what became of attached signals', () => {
  const attached = toldBy([eu, prometheus]);

  it('have ended when every server that told of them answers and names them no more', () => {
    assert.deepEqual(states(attached, [eu, prometheus]), ['resolved']);
    assert.deepEqual(states(attached, [eu]), ['resolved'], 'Prometheus is no longer set up');
  });

  it('have not ended because a server is silent or gone', () => {
    assert.deepEqual(states(attached, [silent(eu), prometheus]), []);
    assert.deepEqual(states(attached, [silent(eu), silent(prometheus)]), []);
    assert.deepEqual(states(attached, []), []);
  });

  it('have not ended because the server of another region does not know them', () => {
    assert.deepEqual(states(toldBy([eu]), [us]), []);
    assert.deepEqual(states(toldBy([eu]), [us, eu]), ['resolved']);
    assert.deepEqual(states(attached, [us, prometheus]), ['resolved'], 'the one that told of it is asked');
  });

  it('are not those of another region that have the same labels: two windows do not answer each other', () => {
    const ended = incidentOf(
      declared(),
      fact('SignalAttached', { signal: recordOf(toldBy([eu])) }),
      fact('SignalStateSeen', { signal: alert().id, state: 'resolved', at: after(3) }),
    );
    const seen = { servers: [us], signals: [toldBy([us])], shown: nobody };
    assert.deepEqual(seenStates(ended, seen, after(5)), []);
  });

  it('are seen in their new state, and nothing is said about one that has not changed', () => {
    assert.deepEqual(states(attached, [silent(eu)], [toldBy([eu], { state: 'silenced' })]), ['silenced']);
    assert.deepEqual(states(attached, [eu, prometheus], [attached]), []);
  });

  it('come back', () => {
    const ended = incidentOf(
      declared(),
      fact('SignalAttached', { signal: recordOf(attached) }),
      fact('SignalStateSeen', { signal: attached.id, state: 'resolved', at: after(3) }),
    );
    assert.deepEqual(
      seenStates(ended, { signals: [attached], servers: [silent(eu)], shown: nobody }, after(5)),
      [{ signal: attached.id, state: 'firing', at: after(5) }],
    );
  });
});

describe('an attached alert of which nobody knows the server: of a link, or of an older journal', () => {
  const { origins: _origins, servers: _servers, ...unplaced } = toldBy([eu]);

  it('has ended only after a server has shown it here', () => {
    assert.deepEqual(states(unplaced, [us]), [], 'the region of this window may be another');
    const shown = withShown(nobody, [of(unplaced)], [toldBy([eu])]);
    assert.deepEqual(states(unplaced, [eu], [], shown), ['resolved']);
    assert.deepEqual(states(unplaced, [silent(eu)], [], shown), []);
    assert.deepEqual(states(unplaced, [us], [], shown), [], 'another server than the one that has shown it');
  });

  it('is followed while it is shown', () => {
    assert.deepEqual(states(unplaced, [eu], [toldBy([eu], { state: 'silenced' })]), ['silenced']);
  });

  it('may be a page: every account of PagerDuty has the same address', () => {
    const live = { ...page('Q1'), servers: [pagerDuty.key] };
    assert.deepEqual(states(live, [pagerDuty]), []);
    const shown = withShown(withShown(nobody, [of(live)], [live]), [of(live)], []);
    assert.deepEqual(states(live, [pagerDuty], [], shown), ['resolved']);
  });
});
