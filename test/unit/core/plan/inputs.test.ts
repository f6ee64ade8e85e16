import assert from 'node:assert/strict';
import type { GuideInput } from '../../../../src/core/guide/guideInput.ts';
import { refusalAmong } from '../../../../src/core/plan/words/refuseToKeep.ts';
import { placeholdersOf } from '../../../../src/core/plan/words/placeholders.ts';
import { expectedText, validateInput } from '../../../../src/core/plan/words/validateInput.ts';
import { validateValue } from '../../../../src/core/plan/words/validateValue.ts';
import { planOf } from './planOf.ts';

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
    assert.match(refusalAmong(planned('psql <dsn>', [dsn]).missing) ?? '', /dsn is a secret.*Write \$DSN/);
    assert.deepEqual(planned('psql "$DSN"', []).secrets ?? [], []);
  });
});

describe('an input that is not required', () => {
  const since = input('since', { kind: 'duration', required: false });
  const names = (plan: ReturnType<typeof planned>) => [
    plan.missing.map(({ name }) => name),
    (plan.leftOut ?? []).map(({ name }) => name),
  ];

  it('is left out with its option while it has no value', () => {
    const plan = planned('kubectl logs api-1 --since=<since> --tail=5', [since]);
    assert.deepEqual(names(plan), [[], ['since']]);
    assert.equal(plan.kind, 'kubernetes');
    assert.doesNotMatch(plan.preview, /since/);
    assert.match(plan.preview, /--tail=5/);
    assert.match(plan.original, /--since=<since>/);
  });

  it('is used as soon as it has one', () => {
    const plan = planned('kubectl logs api-1 --since=<since>', [since], { since: '5m' });
    assert.deepEqual(names(plan), [[], []]);
    assert.match(plan.preview, /--since=5m/);
  });

  for (const [what, command] of [
    ['in quotes', 'kubectl logs api-1 --since="<since>" | grep -i error'],
    ['as a variable', 'kubectl logs api-1 --since=$SINCE'],
    ['twice', 'kubectl logs api-1 --since=<since> --tail=5 --since=<since>'],
  ] as const)
    it(`is left out where it stands ${what}`, () => {
      assert.deepEqual(names(planned(command, [since])), [[], ['since']]);
    });

  for (const [what, command] of [
    ['is a word of its own', 'kubectl get pods <since>'],
    ['is only a part of a value', 'kubectl get pods --selector=app=<since>'],
    ['stands behind its option', 'kubectl logs api-1 --since <since>'],
    ['is used elsewhere too', 'kubectl logs api-<since> --since=<since>'],
    ['is in a command that changes something', 'kubectl delete pods -l app=api --field-selector=<since>'],
    ['sets how much is changed', 'kubectl scale deploy api --replicas=<since>'],
    ['is in a command that only a shell can run', 'kubectl logs api-1 --since=<since> > log.txt'],
  ] as const)
    it(`is asked for where it ${what}`, () => {
      const free = input('since', { required: false });
      assert.deepEqual(names(planned(command, [free])), [['since'], []]);
    });

  it('is asked for when the guide does not say so', () => {
    const plan = planned('kubectl logs api-1 --since=<since>', [{ ...since, required: true }]);
    assert.deepEqual(names(plan), [['since'], []]);
  });
});
