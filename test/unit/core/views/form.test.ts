import assert from 'node:assert/strict';
import type { GuideInput } from '../../../../src/core/guide/guideInput.ts';
import { refuseValue } from '../../../../src/core/inputs/fieldParts.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import type { FlagService } from '../../../../src/core/plan/curl/flagService.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import { runbookPageState } from '../../../../src/core/views/runbookPage.ts';
import { parsePageState } from '../../../../src/shared/runbookPage.ts';
import { aGuide, declared, fact, incidentOf, step } from '../../../support/builders.ts';

const input = (name: string, more: Partial<GuideInput> = {}): GuideInput => ({
  name,
  kind: undefined,
  description: undefined,
  default: undefined,
  options: [],
  pattern: undefined,
  min: undefined,
  max: undefined,
  required: true,
  line: 1,
  ...more,
});
const replicas = input('replicas', {
  kind: 'number',
  min: 1,
  max: 20,
  default: '3',
  description: 'How many',
});

function formOf(
  command: string,
  inputs: readonly GuideInput[],
  facts: readonly Fact[] = [],
  isSecretSet?: (name: string) => boolean,
  flagServices: readonly FlagService[] = [],
) {
  const state = runbookPageState({
    incident: incidentOf(declared(), ...facts),
    guide: aGuide(),
    sequence: { id: 's', title: 'S', line: 1, steps: [step('a', { command, document: { inputs } })] },
    target: {
      context: 'sim',
      namespace: 'production',
      server: undefined,
      argoCdServer: undefined,
      awsProfile: undefined,
      awsRegion: undefined,
      warning: undefined,
    },
    trusted: true,
    clocks: {},
    tails: () => ({ tail: '', lines: 0 }),
    runningHere: () => false,
    planning: { readOnlyPrefixes: [], flagServices },
    ...(isSecretSet ? { isSecretSet } : {}),
  });
  assert.ok(parsePageState(JSON.parse(JSON.stringify(state))), 'the page understands what it is sent');
  return state.form;
}
const set = (name: string, value: string): Fact => fact('ValueSet', { name, value });

describe('a field of the form', () => {
  it('says what the guide says, and offers the default without setting it', () => {
    const [field] = formOf('kubectl scale deploy api --replicas=<replicas>', [replicas]);
    assert.equal(field?.description, 'How many');
    assert.equal(field?.expected, 'a number from 1 to 20');
    assert.equal(field?.default, '3');
    assert.deepEqual(field?.suggestions, ['3']);
    assert.equal(field?.value, undefined);
    assert.equal(field?.clearable, false);
  });

  it('can be cleared when a person set it, and not when the incident gives it', () => {
    const pods = 'kubectl get pods -l app=<service>';
    const [given] = formOf(pods, []);
    assert.deepEqual([given?.value, given?.clearable], ['payment-service', false]);
    const [own] = formOf(pods, [], [set('service', 'checkout')]);
    assert.deepEqual([own?.value, own?.clearable], ['checkout', true]);
    const [back] = formOf(pods, [], [set('service', 'checkout'), fact('ValueCleared', { name: 'service' })]);
    assert.deepEqual([back?.value, back?.clearable], ['payment-service', false]);
  });

  it('has the options of a choice', () => {
    const colour = input('colour', { kind: 'choice', options: ['blue', 'green'] });
    assert.deepEqual(formOf('deploy --to <colour>', [colour])[0]?.options, ['blue', 'green']);
  });

  it('is live only where a system can be asked', () => {
    assert.equal(formOf('kubectl logs <pod>', [])[0]?.live, true);
    assert.equal(formOf('kubectl scale deploy api --replicas=<replicas>', [])[0]?.live, false);
  });

  it('may stay empty where every step that has it runs without it', () => {
    const since = input('since', { kind: 'duration', required: false });
    const logs = 'kubectl logs api-1 --since=<since>';
    const [free] = formOf(logs, [since]);
    assert.deepEqual([free?.optional, free?.value], [true, undefined]);
    assert.equal(formOf(logs, [since], [set('since', '5m')])[0]?.optional, true);
    assert.equal(formOf(logs, [{ ...since, required: true }])[0]?.optional, false);
    assert.equal(formOf('kubectl get pods <since>', [since])[0]?.optional, false);
  });

  it('is live for a flag only where a service has a list', () => {
    const line = 'curl -X POST https://flags.example.com/api/flags/<flag>/disable';
    const service = (kind: FlagService['kind']) => [{ kind, baseUrl: 'https://flags.example.com' }];
    assert.equal(formOf(line, [])[0]?.live, false);
    assert.equal(formOf(line, [], [], undefined, service('generic'))[0]?.live, false);
    assert.equal(formOf(line, [], [], undefined, service('unleash'))[0]?.live, true);
  });

  it('says in red that a namespace is not the pinned one', () => {
    const pods = 'kubectl get pods -n <namespace>';
    assert.match(formOf(pods, [], [set('namespace', 'staging')])[0]?.differs ?? '', /production.*staging/);
    assert.equal(formOf(pods, [], [set('namespace', 'production')])[0]?.differs, undefined);
  });

  it('shows of a secret that it is set, and never its value', () => {
    const dsn = input('dsn', { kind: 'secret', description: 'The database' });
    const facts = [set('dsn', 'marker-of-a-secret')];
    const [field] = formOf('psql "$DSN"', [dsn], facts, () => true);
    assert.deepEqual(
      [field?.name, field?.kind, field?.secret, field?.value],
      ['DSN', 'secret', 'set', undefined],
    );
    assert.equal(formOf('psql "$DSN"', [dsn], facts, () => false)[0]?.secret, 'not-set');
    assert.doesNotMatch(JSON.stringify(formOf('psql "$DSN"', [dsn], facts)), /marker-of-a-secret/);
    assert.deepEqual(formOf('psql <dsn>', [dsn], facts), []);
  });
});

describe('a value before it is set', () => {
  const placeholders = planStep(
    step('a', {
      command: 'kubectl scale deploy api -n <namespace> --replicas=<replicas>',
      document: { inputs: [replicas] },
    }),
    { target: {}, values: {}, readOnlyPrefixes: [] },
  ).missing;

  it('is held against every place that wants it', () => {
    assert.match(refuseValue(placeholders, 'replicas', '99') ?? '', /from 1 to 20\. Nothing was set\.$/);
    assert.match(refuseValue(placeholders, 'namespace', 'No Name') ?? '', /cannot be a namespace/);
    assert.equal(refuseValue(placeholders, 'replicas', ' 5 '), undefined);
    assert.equal(refuseValue(placeholders, 'unknown', 'x'), undefined);
  });
});
