import assert from 'node:assert/strict';
import type { DeliveryResult } from '../../../../src/core/deliveries/deliveryPort.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { until } from '../../../support/kubectlLab.ts';
import { createJournalFolder, value, type JournalFolder } from '../../journal/journalFolder.ts';
import {
  createFakeOutside,
  openWindow,
  post,
  request,
  type FakeOutside,
  type Window,
  type WindowOptions,
} from './dispatching.ts';

const channel = request('slack/create-channel', {
  system: 'slack',
  act: 'create-channel',
  name: 'incident-1',
  topic: 'Payments',
});
const ticket = request('github/create-ticket', {
  system: 'github',
  act: 'create-ticket',
  title: 'Payments',
  body: 'See {channelUrl}',
  labels: [],
});
const refusal = (retry: 'automatic' | 'person', retryAfterMs?: number): DeliveryResult => ({
  kind: 'failed',
  failure: { code: retry === 'person' ? 'unauthorized' : 'unreachable', message: 'It was refused.' },
  retry,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

describe('sending deliveries', function () {
  this.timeout(30_000);
  let at: JournalFolder;
  let outside: FakeOutside;
  let time: Date;
  const open: Window[] = [];
  const now = () => time;
  const window = async (more: Omit<WindowOptions, 'at' | 'outside' | 'now'> = {}) => {
    const opened = await openWindow({ at, outside, now, ...more });
    open.push(opened);
    return opened;
  };
  const declare = async ({ incidents }: Window, drill = false): Promise<Incident> =>
    value(
      await incidents.handle(undefined, {
        type: 'Declare',
        data: {
          number: '2026-11-23-0001',
          title: 'Payments failing',
          severity: 'SEV2',
          target: {},
          ...(drill ? { drill } : {}),
        },
      }),
    );
  const states = ({ incidents }: Window, { id }: Incident) =>
    incidents.get(id)?.deliveries.map(({ delivery, state }) => `${delivery}: ${state}`);

  beforeEach(() => {
    at = createJournalFolder();
    outside = createFakeOutside();
    time = new Date('2026-11-23T10:30:00.000Z');
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await at.dispose();
  });

  it('sends each once, whatever is asked for twice and however often it looks', async () => {
    const a = await window();
    const incident = await declare(a);
    value(await a.dispatcher.request(incident, [channel, ticket]));
    value(await a.dispatcher.request(incident, [channel, ticket]));
    a.dispatcher.pump();
    await a.dispatcher.idle();
    a.dispatcher.pump();
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 2);
    assert.deepEqual(states(a, incident), [
      'slack/create-channel: delivered',
      'github/create-ticket: delivered',
    ]);
  });

  it('states that it begins before it is sent, and keeps what came of it', async () => {
    const a = await window();
    const incident = await declare(a);
    outside.before.push(async () => {
      const read = value(await a.journal.read(incident.id));
      assert.equal(read.events.at(-1)?.type, 'DeliveryStarted');
      return undefined;
    });
    value(await a.dispatcher.request(incident, [channel]));
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 1);
    assert.equal(a.incidents.get(incident.id)?.deliveries[0]?.receipt?.name, 'thing 1');
  });

  it('sends nothing of a drill, and nothing from an untrusted workspace until it is trusted', async () => {
    let trusted = false;
    const a = await window({ mayLeave: () => trusted });
    const drill = await declare(a, true);
    const refused = await a.dispatcher.request(drill, [channel]);
    assert.equal(refused.ok, false);
    const incident = await declare(a);
    value(await a.dispatcher.request(incident, [channel]));
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 0);
    trusted = true;
    a.dispatcher.pump();
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 1);
  });

  it('goes on with the other systems when one refuses, and with what does not depend on it', async () => {
    const a = await window();
    const incident = await declare(a);
    outside.before.push(() => refusal('person'));
    value(
      await a.dispatcher.request(incident, [
        channel,
        request('slack/post/first', post('hello'), { after: ['slack/create-channel'] }),
        ticket,
      ]),
    );
    await a.dispatcher.idle();
    assert.deepEqual(states(a, incident), [
      'slack/create-channel: failed',
      'slack/post/first: requested',
      'github/create-ticket: delivered',
    ]);
    assert.deepEqual(
      a.failures.map(({ code }) => code),
      ['unauthorized'],
    );
    a.dispatcher.retry(incident.id, 'slack/create-channel');
    await a.dispatcher.idle();
    assert.deepEqual(states(a, incident), [
      'slack/create-channel: delivered',
      'slack/post/first: delivered',
      'github/create-ticket: delivered',
    ]);
    assert.equal(outside.made.size, 3);
  });

  it('asks the service first after any attempt whose end is open', async () => {
    const a = await window();
    const incident = await declare(a);
    outside.before.push(() => {
      outside.made.set(`${incident.id}/slack/create-channel`, 'got through, its answer did not');
      return refusal('automatic');
    });
    value(await a.dispatcher.request(incident, [channel]));
    await a.dispatcher.idle();
    assert.equal(outside.calls[0]?.mayExist, false);
    time = new Date(time.getTime() + 60_000);
    a.timers[0]?.act();
    await a.dispatcher.idle();
    assert.equal(outside.calls[1]?.mayExist, true);
    assert.equal(outside.made.size, 1);
    assert.equal(a.incidents.get(incident.id)?.deliveries[0]?.found, true);
  });

  it('keeps what was decided on offline in order, one place after the other, and sends it once on return', async () => {
    const a = await window();
    const incident = await declare(a);
    value(await a.dispatcher.request(incident, [channel]));
    await a.dispatcher.idle();
    let online = false;
    outside.before.push(
      ...Array.from({ length: 3 }, () => () => (online ? undefined : refusal('automatic'))),
    );
    for (const text of ['one', 'two', 'three'])
      value(await a.dispatcher.request(incident, [request(`slack/post/${text}`, post(text))]));
    await a.dispatcher.idle();
    // Only the first was tried: the others stand behind it.
    assert.equal(outside.calls.length, 2);
    online = true;
    time = new Date(time.getTime() + 60_000);
    a.dispatcher.pump();
    await a.dispatcher.idle();
    assert.deepEqual([...outside.made.values()].slice(1), ['one', 'two', 'three']);
    assert.equal(outside.calls.length, 5);
  });

  it('waits as long as the service asks, and longer with each try', async () => {
    const a = await window();
    const incident = await declare(a);
    outside.before.push(
      () => refusal('automatic', 45_000),
      () => refusal('automatic'),
    );
    value(await a.dispatcher.request(incident, [channel]));
    await a.dispatcher.idle();
    const retryAt = () => a.incidents.get(incident.id)?.deliveries[0]?.failure?.retryAt;
    assert.equal(retryAt(), '2026-11-23T10:30:45.000Z');
    assert.equal(a.timers.at(-1)?.ms, 45_000);
    a.dispatcher.pump();
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 1, 'it was tried before its time');
    time = new Date('2026-11-23T10:30:45.000Z');
    a.dispatcher.pump();
    await a.dispatcher.idle();
    assert.equal(retryAt(), '2026-11-23T10:30:55.000Z');
  });

  it('leaves what was refused while it looked to the person', async () => {
    let answer = (): void => undefined;
    let goOn: (() => void) | undefined;
    let isHeld = false;
    const a = await window({
      beforeLook: () => (isHeld ? new Promise((resolve) => (goOn = resolve)) : Promise.resolve()),
    });
    const incident = await declare(a);
    outside.before.push(() => new Promise((resolve) => (answer = () => resolve(refusal('person')))));
    value(await a.dispatcher.request(incident, [channel]));
    await until(() => outside.calls.length === 1);
    isHeld = true;
    a.dispatcher.pump();
    await until(() => goOn !== undefined);
    answer();
    await until(() => !a.dispatcher.isSending(incident.id, channel.delivery));
    isHeld = false;
    goOn?.();
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 1);
    assert.equal(a.failures.length, 1);
  });

  it('tries again at once what could not be reached, when somebody is back, and waits with all else', async () => {
    const a = await window();
    const incident = await declare(a);
    outside.before.push(
      () => refusal('automatic'),
      () =>
        ({ ...refusal('automatic', 300_000), failure: { code: 'failed', message: 'Too many.' } }) as never,
    );
    value(await a.dispatcher.request(incident, [channel]));
    await a.dispatcher.idle();
    value(await a.dispatcher.request(incident, [ticket]));
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 2);
    time = new Date('2026-11-23T10:30:02.000Z');
    a.dispatcher.hurry();
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 2, 'one who looks up and away again is no reason for another try');
    outside.before.push(() => refusal('automatic', 300_000));
    time = new Date('2026-11-23T10:31:00.000Z');
    a.dispatcher.pump();
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 3, 'its own time was over');
    time = new Date('2026-11-23T10:32:00.000Z');
    a.dispatcher.pump();
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 3);
    a.dispatcher.hurry();
    await a.dispatcher.idle();
    assert.deepEqual(states(a, incident), [
      'slack/create-channel: delivered',
      'github/create-ticket: failed',
    ]);
    assert.equal(outside.calls.length, 4, 'what the service asked to wait for was tried too');
  });

  it('tries what a token was refused for with the token that is stored then, and nothing else', async () => {
    const a = await window();
    const incident = await declare(a);
    const refusedAs = (code: 'unauthorized' | 'forbidden' | 'invalid'): DeliveryResult => ({
      kind: 'failed',
      failure: { code, message: 'It was refused.' },
      retry: 'person',
    });
    outside.before.push(
      () => refusedAs('forbidden'),
      () => refusedAs('unauthorized'),
      () => refusedAs('invalid'),
    );
    for (const one of [channel, ticket, request('slack/post/wrong', post('wrong'))]) {
      value(await a.dispatcher.request(incident, [one]));
      await a.dispatcher.idle();
    }
    a.dispatcher.reconnected(() => false);
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 3);
    a.dispatcher.reconnected(({ task }) => task.system === 'slack');
    await a.dispatcher.idle();
    assert.deepEqual(states(a, incident), [
      'slack/create-channel: delivered',
      'github/create-ticket: failed',
      'slack/post/wrong: failed',
    ]);
    a.dispatcher.reconnected(({ task }) => task.system === 'github');
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 5);
  });

  it('leaves to another machine what that one could not reach', async () => {
    const a = await window();
    const incident = await declare(a);
    outside.before.push(() => refusal('automatic', 300_000));
    value(await a.dispatcher.request(incident, [channel]));
    await a.dispatcher.idle();
    const b = await window({ machine: 'machine-b' });
    time = new Date('2026-11-23T10:32:00.000Z');
    b.dispatcher.hurry();
    await b.dispatcher.idle();
    assert.equal(outside.calls.length, 1);
  });

  it('lets one of two windows act, and the other go on when it dies', async () => {
    const a = await window();
    const incident = await declare(a);
    const b = await window();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    outside.before.push(async () => {
      await held;
      return undefined;
    });
    value(await a.dispatcher.request(incident, [channel, ticket]));
    b.dispatcher.pump();
    await b.dispatcher.idle();
    await b.incidents.refresh(incident.id);
    b.dispatcher.retry(incident.id, 'slack/create-channel');
    await b.dispatcher.idle();
    release();
    await a.dispatcher.idle();
    assert.equal(outside.calls.length, 2);

    outside.before.push(() => refusal('automatic'));
    value(await a.dispatcher.request(incident, [request('slack/post/late', post('late'))]));
    await a.dispatcher.idle();
    await b.incidents.refresh(incident.id);
    b.dispatcher.pump();
    await b.dispatcher.idle();
    assert.equal(outside.calls.length, 3, 'it acted while the other window lives');
    await a.close();
    open.splice(open.indexOf(a), 1);
    time = new Date(time.getTime() + 60_000);
    b.dispatcher.pump();
    await b.dispatcher.idle();
    assert.equal(outside.made.get(`${incident.id}/slack/post/late`), 'late');
  });

  it('leaves what another machine has asked for to that machine, until a person says otherwise', async () => {
    const a = await window({ machine: 'machine-a', mayLeave: () => false });
    const incident = await declare(a);
    value(await a.dispatcher.request(incident, [channel]));
    await a.close();
    open.splice(open.indexOf(a), 1);
    const b = await window({ machine: 'machine-b' });
    b.dispatcher.pump();
    await b.dispatcher.idle();
    assert.equal(outside.calls.length, 0);
    b.dispatcher.retry(incident.id, 'slack/create-channel');
    await b.dispatcher.idle();
    assert.equal(outside.made.size, 1);
  });

  it('asks first for what was stopped on the way', async () => {
    const a = await window();
    const incident = await declare(a);
    outside.before.push(() => {
      a.dispatcher.stop(incident.id, 'slack/create-channel');
      return undefined;
    });
    value(await a.dispatcher.request(incident, [channel]));
    await a.dispatcher.idle();
    assert.deepEqual(states(a, incident), ['slack/create-channel: started']);
    assert.deepEqual(a.failures, []);
    time = new Date(time.getTime() + 5_000);
    a.dispatcher.pump();
    await a.dispatcher.idle();
    assert.deepEqual(
      outside.calls.map(({ mayExist }) => mayExist),
      [false, true],
    );
    assert.equal(outside.made.size, 1);
  });
});
