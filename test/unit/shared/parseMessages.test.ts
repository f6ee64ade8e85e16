import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseHostMessage, parsePageMessage, requestIdOf } from '../../../src/shared/parseMessages.ts';
import type { RunbookPageState } from '../../../src/shared/runbookPage.ts';

const plain = {
  description: undefined,
  default: undefined,
  expected: undefined,
  options: [],
  live: true,
  clearable: false,
  differs: undefined,
  optional: false,
  secret: undefined,
};

const request = (name: unknown, params: unknown, id: unknown = 1) => ({ type: 'request', id, name, params });

describe('messages of the page to its host', () => {
  for (const [name, params] of [
    ['ready', {}],
    ['runStep', { step: '503/1', incident: '01J', command: 'kubectl get pods' }],
    ['stopRun', { run: '01J' }],
    ['undoChange', { change: '01J', incident: '01K' }],
    ['fillForm', { step: '503/1', incident: '01K' }],
    ['runRemedy', { run: '01J' }],
    ['setSecret', { name: 'API_WORD' }],
    ['skipStep', { step: '503/1', incident: '01K', reason: '' }],
    ['markDone', { step: '503/1', incident: '01K', note: 'p99 at 4 s' }],
    ['copyCommand', { step: '503/1' }],
    ['setValue', { name: '...', incident: '01K', value: '{"spec":{}}' }],
    ['openPlace', { step: '503/1', place: '>Service Health' }],
    ['openOutput', { run: '01J' }],
    ['readPlots', { run: '01J', incident: '01K' }],
    ['openGuide', { line: 12 }],
    ['pinTarget', {}],
    ['declare', {}],
  ] as const) {
    it(`knows ${name}`, () =>
      assert.deepEqual(parsePageMessage(request(name, params)), request(name, params)));
  }

  it('can be answered with a failure when only their number can be read', () => {
    assert.equal(requestIdOf(request('markDone', { step: 'a', note: 'x'.repeat(1_000_000) }, 7)), 7);
    for (const other of [undefined, 'text', { id: 7 }, request('ready', {}, '7')])
      assert.equal(requestIdOf(other), undefined);
  });

  for (const [what, hostile] of [
    ['nothing', undefined],
    ['a string', 'runStep'],
    ['an array', [request('ready', {})]],
    ['another type', { ...request('ready', {}), type: 'reply' }],
    ['a name from Object', request('constructor', {})],
    ['the prototype as a name', request('__proto__', {})],
    ['an undo that does not say for which incident', request('undoChange', { change: 'a' })],
    ['an unknown name', request('runAnything', { command: 'rm -rf /' })],
    ['a member too many', { ...request('ready', {}), command: 'rm' }],
    ['a parameter too many', request('runStep', { step: 'a', incident: 'b', command: 'c', confirmed: true })],
    ['a click that does not say what was shown', request('runStep', { step: 'a' })],
    ['a parameter too few', request('skipStep', { step: 'a', incident: 'b' })],
    ['a parameter of another type', request('copyCommand', { step: { toString: 'a' } })],
    ['an empty id', request('copyCommand', { step: '' })],
    ['parameters that are none', request('ready', null)],
    ['an id that is no number', request('ready', {}, '1')],
    ['an id below zero', request('ready', {}, -1)],
    ['a fraction of an id', request('ready', {}, 1.5)],
    ['line 0', request('openGuide', { line: 0 })],
    ['line infinity', request('openGuide', { line: Infinity })],
    [
      'a note of a million characters',
      request('markDone', { step: 'a', incident: 'b', note: 'x'.repeat(1_000_000) }),
    ],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(parsePageMessage(hostile), undefined));
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => assert.equal(parsePageMessage(value), undefined)));
  });
});

const state: RunbookPageState = {
  sequence: 'runbook/503',
  incident: undefined,
  target: {
    context: undefined,
    namespace: undefined,
    server: undefined,
    argoCdServer: undefined,
    awsProfile: undefined,
    awsRegion: undefined,
    warning: { message: 'The context sim is gone.', blocks: 'everything' },
  },
  trusted: true,
  title: 'Service Unavailable (503)',
  guideFile: 'guide.md',
  line: 187,
  condition: undefined,
  about: '',
  form: [
    {
      name: 'pod',
      written: '<pod>',
      kind: 'pod',
      value: undefined,
      suggestions: ['payment-a'],
      usedBy: [2],
      ...plain,
    },
  ],
  steps: [
    {
      id: '503/1',
      number: 1,
      text: 'Check pods',
      condition: undefined,
      judged: { verdict: 'applies', because: '3 of 5 pods are in CrashLoopBackOff' },
      assertions: [{ assertion: 'exit == 0', result: 'failed', because: 'exit code 1' }],
      findings: ['service payment has no ready endpoints'],
      details: [],
      places: [
        {
          id: '>Service Health',
          label: 'Open Dashboard',
          spoken: 'Open the dashboard Service Health, step 1',
        },
      ],
      command: 'kubectl get pods',
      metrics: {
        name: 'Redis metrics',
        queries: [{ title: 'Keys found', query: 'redis_hits', limit: undefined }],
      },
      kind: 'kubernetes',
      executor: 'Kubernetes API',
      risk: 'read',
      traps: [{ message: 'Only ten lines.', blocks: false }],
      missing: [],
      unfilled: [],
      blocked: undefined,
      state: 'running',
      run: {
        id: '01J',
        startedAt: '2026-11-23T10:31:07.000Z',
        by: 'Ana',
        durationMs: undefined,
        outcome: undefined,
        tone: 'neutral',
        message: undefined,
        remedy: undefined,
        plots: false,
        tail: 'NAME',
        lines: 1,
      },
      earlier: [
        {
          id: '01H',
          startedAt: '2026-11-23T10:30:07.000Z',
          by: 'Ana',
          outcome: '3 pods',
          tone: 'ok',
          hasOutput: true,
        },
      ],
      marks: ['in the background'],
      changes: [
        { id: '01L', text: 'deployment/web spec.replicas 3 → 10', undo: 'Scale back', undone: undefined },
        {
          id: '01M',
          text: 'auto-sync',
          undo: undefined,
          undone: { at: '2026-11-23T10:32:00.000Z', by: 'Ana' },
        },
      ],
      foreseen: ['You may not scale.'],
      unsetSecrets: ['API_WORD'],
      form: false,
      note: undefined,
      approval: undefined,
      marked: undefined,
    },
  ],
  tags: ['build'],
  runAll: { phase: 'waiting', dry: false, message: 'Step 3 is done by hand.', goesOn: true },
  background: [{ run: '01J', text: 'Watch' }],
};
/** What `postMessage` of a webview does to a message: undefined members are gone. */
const delivered = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

describe('messages of the host to its page', () => {
  it('bring the whole state through JSON unchanged', () => {
    assert.deepEqual(parseHostMessage(delivered({ type: 'state', state })), { type: 'state', state });
  });

  it('take a reply whose result was undefined as answered: its button must not wait for ever', () => {
    assert.deepEqual(parseHostMessage(delivered({ type: 'reply', id: 3, ok: true, result: undefined })), {
      type: 'reply',
      id: 3,
      ok: true,
      result: null,
    });
  });

  for (const message of [
    { type: 'reply', id: 3, ok: false, message: 'Refused.' },
    { type: 'tail', run: '01J', tail: 'a\nb', lines: 2 },
  ]) {
    it(`know a ${message.type}`, () => assert.deepEqual(parseHostMessage(message), message));
  }

  for (const [what, hostile] of [
    ['nothing', undefined],
    ['a message of another script', { vscodeSetup: true }],
    ['a failure without a sentence', { type: 'reply', id: 1, ok: false }],
    ['a tail without a count', { type: 'tail', run: 'a', tail: 'x' }],
    ['a state that is not whole', { type: 'state', state: { ...state, steps: undefined } }],
    [
      'a risk that is none',
      { type: 'state', state: { ...state, steps: [{ ...state.steps[0], risk: 'safe' }] } },
    ],
  ] as const) {
    it(`refuse ${what}`, () => assert.equal(parseHostMessage(hostile), undefined));
  }

  it('never throw', () => {
    fc.assert(fc.property(fc.anything(), (value) => assert.equal(parseHostMessage(value), undefined)));
  });
});
