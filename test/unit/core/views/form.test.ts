import assert from 'node:assert/strict';
import type { GuideInput } from '../../../../src/core/guide/guideInput.ts';
import { refuseValue } from '../../../../src/core/inputs/fieldParts.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import { parsePageState } from '../../../../src/shared/runbookPage.ts';
import { declared, fact, incidentOf, step } from '../../../support/builders.ts';
import { input } from '../../../support/inputBuilders.ts';
import { pageOf } from '../../../support/pageBuilders.ts';

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
) {
  const state = pageOf([step('a', { command, document: { inputs } })], {
    incident: incidentOf(declared(), ...facts),
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
