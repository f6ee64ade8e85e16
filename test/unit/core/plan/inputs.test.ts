import assert from 'node:assert/strict';
import type { GuideInput } from '../../../../src/core/guide/guideInput.ts';
import { refusalAmong } from '../../../../src/core/plan/words/refuseToKeep.ts';
import { placeholdersOf } from '../../../../src/core/plan/words/placeholders.ts';
import { expectedText, validateInput } from '../../../../src/core/plan/words/validateInput.ts';
import { validateValue } from '../../../../src/core/plan/words/validateValue.ts';
import { input } from '../../../support/inputBuilders.ts';
import { planOf } from './planOf.ts';

const planned = (command: string, inputs: readonly GuideInput[], values: Record<string, string> = {}) =>
  planOf(command, { values, step: { document: { inputs } } });

describe('the kind of a placeholder by its place', () => {
  for (const [command, kind] of [
    ['kubectl logs api-1 --since=<x>', 'duration'],
    ['kubectl logs api-1 --since <window>', 'duration'],
    ['kubectl rollout status deploy/api --timeout=<x>', 'duration'],
    ['kubectl delete pod api-1 --grace-period=<x>', 'number'],
    ['argocd app wait api --timeout <x>', 'number'],
    ['argocd app sync api --revision <x>', 'revision'],
    ['argocd app rollback api <x>', 'revision'],
    ['journalctl --since <x>', 'text'],
    ['curl -X POST https://flags.example.com/api/flags/<x>/disable', 'flag'],
    ['curl -X POST https://u.example.com/api/admin/projects/default/features/<x>/environments/p/off', 'flag'],
    ['curl https://app.example.com/api/v2/flags/shop/<x>', 'flag'],
    ['curl https://app.example.com/api/users/<x>', 'text'],
    ['echo <feature>', 'flag'],
  ] as const)
    it(`${command} wants a ${kind}`, () => assert.equal(placeholdersOf(command)[0]?.kind, kind));
});

describe('a value of a kind', () => {
  for (const [kind, value] of [
    ['duration', '30m'],
    ['duration', '1h30m'],
    ['duration', '1.5h'],
    ['flag', 'new-checkout_v2.1'],
  ] as const)
    it(`can be ${value} for a ${kind}`, () => assert.equal(validateValue(kind, value), undefined));
  for (const [kind, value] of [
    ['duration', '30'],
    ['duration', '30 minutes'],
    ['duration', '-5m'],
    ['flag', '../admin'],
    ['flag', 'a?b=c'],
    ['flag', '..'],
  ] as const)
    it(`cannot be ${value} for a ${kind}`, () => assert.match(validateValue(kind, value) ?? '', /\.$/));
});

describe('what a guide says of an input', () => {
  const replicas = input('replicas', { kind: 'number', min: 1, max: 20, default: '3' });
  const scale = 'kubectl scale deploy api --replicas=<replicas>';

  it('is held before a step runs', () => {
    assert.equal(validateInput('number', replicas, '20'), undefined);
    assert.equal(
      validateInput('number', replicas, '21'),
      '“21” is out of range: give a number from 1 to 20.',
    );
    const plan = planned(scale, [replicas], { replicas: '21' });
    const trap = plan.traps.find(({ code }) => code === 'invalid-value');
    assert.match(trap?.message ?? '', /a number from 1 to 20/);
    assert.equal(trap?.blocks, true);
    assert.deepEqual(
      planned(scale, [replicas], { replicas: '5' }).traps.filter(({ blocks }) => blocks),
      [],
    );
  });

  it('is never used unasked: a default is offered and the step waits', () => {
    const [missing] = planned(scale, [replicas]).missing;
    assert.equal(missing?.offered, '3');
    assert.match(planned(scale, [replicas]).preview, /<replicas>/);
  });

  it('beats what the place says, and is matched by name', () => {
    const colour = input('colour', { kind: 'choice', options: ['blue', 'green'] });
    assert.equal(planned('deploy --to $COLOUR', [colour]).missing[0]?.kind, 'choice');
    assert.match(validateInput('choice', colour, 'red') ?? '', /not among the options: blue, green/);
  });

  it('holds a pattern against the whole value', () => {
    const tag = input('tag', { pattern: 'v\\d+' });
    assert.equal(validateInput('text', tag, 'v12'), undefined);
    assert.match(validateInput('text', tag, 'v12; rm') ?? '', /does not fit/);
    assert.match(validateInput('text', tag, `v${'1'.repeat(600)}`) ?? '', /does not fit/);
  });

  it('says what is expected', () => {
    assert.equal(expectedText('number', replicas), 'a number from 1 to 20');
    assert.equal(expectedText('number', input('x', { min: 2 })), 'a number of at least 2');
    assert.equal(expectedText('duration', undefined), 'a duration such as 30m or 1h30m');
    assert.equal(expectedText('text', undefined), undefined);
  });

  it('makes a secret of a variable whatever its name, and refuses to ask for one', () => {
    const dsn = input('dsn', { kind: 'secret' });
    const plan = planned('psql "$DSN" -c "select 1"', [dsn], { dsn: 'marker-of-a-secret' });
    assert.deepEqual(plan.secrets, ['DSN']);
    assert.deepEqual(plan.missing, []);
    assert.doesNotMatch(JSON.stringify(plan), /marker-of-a-secret/);
    const asked = planned('psql <dsn>', [dsn], { dsn: 'marker-of-a-secret' });
    assert.match(refusalAmong(asked.missing) ?? '', /dsn is a secret.*Write \$DSN/);
    assert.doesNotMatch(JSON.stringify(asked), /marker-of-a-secret/);
    assert.deepEqual(planned('psql "$DSN"', []).secrets ?? [], []);
  });
});
