import assert from 'node:assert/strict';
import type { DeliveryRequest, DeliveryTask } from '../../../../src/core/deliveries/delivery.ts';
import { payloadOf } from '../../../../src/core/deliveries/planAnnouncement.ts';
import { planUpdate, publicWay } from '../../../../src/core/deliveries/planUpdate.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { declared, fact, incidentOf } from '../../../support/builders.ts';

const requested = (delivery: string, task: DeliveryTask, place: DeliveryRequest['place']): Fact =>
  fact('DeliveryRequested', { delivery, task, place, after: [] });
const channel = requested(
  'slack/create-channel',
  { system: 'slack', act: 'create-channel', name: 'incident-1', topic: '' },
  { baseUrl: 'https://slack.example' },
);
const ticket = requested(
  'jira/create-ticket',
  { system: 'jira', act: 'create-ticket', title: 'x', body: 'y', labels: [] },
  { baseUrl: 'https://jira.example', project: 'OPS' },
);
const hook = requested(
  'webhook/ops/declared',
  { system: 'webhook', act: 'send', event: 'declared', payload: {} },
  { name: 'ops' },
);
const entry = requested(
  'statuspage/create-incident',
  {
    system: 'statuspage',
    act: 'create-incident',
    name: 'n',
    status: 'investigating',
    text: 't',
    notify: false,
  },
  { baseUrl: 'https://api.statuspage.example', page: 'first' },
);
const dropped = (delivery: string): Fact => fact('DeliveryDropped', { delivery });
const byHand = (delivery: string, id?: string): Fact =>
  fact('DeliveryMarkedDone', { delivery, ...(id === undefined ? {} : { receipt: { id } }) });

const page = { baseUrl: 'https://api.statuspage.example', page: 'settings' };
const internally = (...facts: readonly Fact[]) =>
  planUpdate(
    incidentOf(declared(), ...facts),
    { audience: 'internal', number: 3, text: 'Still looking' },
    page,
    '01MARK',
  );
const publicly = (facts: readonly Fact[], notify = false) =>
  planUpdate(
    incidentOf(declared(), ...facts),
    { audience: 'public', name: 'Problem', status: 'monitoring', text: 'Better.', notify },
    page,
    '01MARK',
  );

const unconnected = (...facts: readonly Fact[]) =>
  planUpdate(
    incidentOf(declared(), ...facts),
    { audience: 'public', name: 'Problem', status: 'monitoring', text: 'Better.', notify: false },
    undefined,
    '01MARK',
  );

describe('an update for those who respond', () => {
  it('goes to the incident’s own channel, ticket and webhooks, each after what made it', () => {
    assert.deepEqual(internally(channel, ticket, hook, entry), [
      {
        delivery: 'slack/post/01MARK',
        task: { system: 'slack', act: 'post', text: 'Still looking' },
        place: { baseUrl: 'https://slack.example' },
        after: ['slack/create-channel'],
      },
      {
        delivery: 'jira/comment/01MARK',
        task: { system: 'jira', act: 'comment', text: 'Still looking' },
        place: { baseUrl: 'https://jira.example', project: 'OPS' },
        after: ['jira/create-ticket'],
      },
      {
        delivery: 'webhook/ops/update/01MARK',
        task: {
          system: 'webhook',
          act: 'send',
          event: 'update',
          payload: {
            ...payloadOf(incidentOf(declared())),
            update: '3',
            message: 'Still looking',
          },
        },
        place: { name: 'ops' },
        after: ['webhook/ops/declared'],
      },
    ]);
  });
  it('goes nowhere where nothing was made, or what was made cannot be found', () => {
    assert.deepEqual(internally(), []);
    assert.deepEqual(internally(channel, dropped('slack/create-channel')), []);
    assert.deepEqual(internally(channel, byHand('slack/create-channel')), []);
    assert.equal(internally(channel, byHand('slack/create-channel', 'C1')).length, 1);
    assert.deepEqual(internally(hook, dropped('webhook/ops/declared')), []);
  });
  it('never leaves a drill', () => {
    const drill = incidentOf(declared({ drill: true }), channel);
    assert.deepEqual(planUpdate(drill, { audience: 'internal', number: 1, text: 'x' }, page, 'm'), []);
    assert.equal(publicWay(drill, page), 'by-hand');
  });
});

describe('an update for customers', () => {
  it('is the page’s first entry where there is none yet, on the connected page', () => {
    assert.deepEqual(publicly([channel], true), [
      {
        delivery: 'statuspage/create-incident',
        task: {
          system: 'statuspage',
          act: 'create-incident',
          name: 'Problem',
          status: 'monitoring',
          text: 'Better.',
          notify: true,
        },
        place: page,
        after: [],
      },
    ]);
    assert.equal(
      publicly([entry, dropped('statuspage/create-incident')])[0]?.delivery,
      'statuspage/create-incident',
    );
  });
  it('is an update of the incident’s own entry, on its own page, whatever is connected now', () => {
    const wanted = [
      {
        delivery: 'statuspage/update-incident/01MARK',
        task: {
          system: 'statuspage',
          act: 'update-incident',
          status: 'monitoring',
          text: 'Better.',
          notify: false,
        },
        place: { baseUrl: 'https://api.statuspage.example', page: 'first' },
        after: ['statuspage/create-incident'],
      },
    ];
    assert.deepEqual(publicly([entry]), wanted);
    assert.deepEqual(unconnected(entry), wanted);
  });
  it('is a person’s to write where no page is connected, or the entry was made by hand', () => {
    assert.deepEqual(unconnected(), []);
    assert.deepEqual(publicly([entry, byHand('statuspage/create-incident')]), []);
    assert.equal(
      publicWay(incidentOf(declared(), entry, byHand('statuspage/create-incident')), page),
      'by-hand',
    );
    assert.equal(
      publicWay(incidentOf(declared(), entry, byHand('statuspage/create-incident', 'x')), page),
      'update',
    );
  });
});
