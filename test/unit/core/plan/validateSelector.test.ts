import assert from 'node:assert/strict';
import fc from 'fast-check';
import { validateSelector } from '../../../../src/core/plan/kubectl/validateSelector.ts';
import { kubernetesPlan, planOf } from './planOf.ts';

const selectors = [
  'app=search',
  'app==search',
  'app = search',
  'tier!=cache',
  'app=',
  'app.kubernetes.io/name=search,team=a_b.c-d',
  'app in (search, cart),env notin (test)',
  'app in(search)',
  'team',
  '!team',
  'app=search,!team,env in (a,b)',
];
const others = [
  '',
  '-A',
  '--all',
  'app=-A',
  '-l',
  'app=search --all',
  'app=search;reboot',
  'app=$(id)',
  'app=`id`',
  "app='search'",
  'app=a|b',
  'app=a&b',
  'app>3',
  'app=search,',
  ',app=search',
  'app in ()',
  'app in (a b)',
  'app in (a,(b))',
  'app of (a)',
  'a/b/c=d',
  `app=${'a'.repeat(64)}`,
  'app=search\nteam=x',
  'app=search\0',
  'app=search\n',
  'app in (search,\tcart)',
];

describe('a label selector', () => {
  for (const text of selectors)
    it(`is “${text}”`, () => assert.equal(validateSelector('label', text), undefined));
  for (const text of others)
    it(`is not ${JSON.stringify(text).slice(0, 30)}`, () => {
      const why = validateSelector('label', text);
      assert.match(why ?? '', /is no label selector\. Write it as app=search, /);
    });

  it('of fields is one line, too', () => {
    assert.equal(validateSelector('field', 'status.phase!=Running'), undefined);
    assert.match(validateSelector('field', 'status.phase!=Running\n') ?? '', /is no field selector/);
  });

  it('never begins with a hyphen and holds no character that a shell would act on between words', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a=,!- ()$;|&<>`"\'\\/.*?~#\n') }), (text) => {
        if (validateSelector('label', text) !== undefined && validateSelector('field', text) !== undefined)
          return;
        assert.doesNotMatch(text, /^-|[$;|&<>`"'\\*?~#\n]/);
      }),
    );
  });
});

describe('a selector that is asked for', () => {
  /** Why it cannot run, in the words of the two that look at selectors; a hyphen in front is refused for every value. */
  const refusals = (command: string, selector: string) =>
    planOf(command, { values: { selector } })
      .traps.filter(({ code, blocks }) => code === 'invalid-value' && blocks)
      .flatMap(
        ({ message }) => /is no (?:label|field) selector|part of a Kubernetes name/.exec(message)?.[0] ?? [],
      );

  for (const command of [
    'kubectl get pods --selector=<selector>',
    'kubectl get pods --selector <selector>',
    'kubectl get pods -l <selector>',
    'kubectl logs -l <selector> --tail=20',
    'kubectl delete pods -l <selector>',
    'kubectl top pods -l <selector>',
    'argocd app list -l <selector>',
    'argocd app list --selector=<selector> -o name',
  ])
    it(`may be any of them, and nothing else, in ${command}`, () => {
      for (const text of selectors) assert.deepEqual(refusals(command, text), [], text);
      for (const text of others.filter((one) => one !== '' && !one.includes('\0')))
        assert.deepEqual(refusals(command, text), ['is no label selector'], text);
    });

  it('may be any of fields, which are equal or not, where those are selected', () => {
    for (const command of [
      'kubectl get pods --field-selector=<selector>',
      'kubectl top pods --field-selector <selector>',
    ]) {
      for (const text of ['status.phase=Running', 'type!=Normal,involvedObject.kind==Pod', 'spec.nodeName='])
        assert.deepEqual(refusals(command, text), [], text);
      for (const text of ['-A', 'status.phase', 'a in (b)', 'a=b --all', 'a=$(id)', 'a=b;c', 'a=b,', '!a'])
        assert.deepEqual(refusals(command, text), ['is no field selector'], text);
    }
  });

  it('is one word of the command, and of its preview', () => {
    const { action, preview } = kubernetesPlan('kubectl get pods -l <selector>', {
      values: { selector: 'app in (search, cart)' },
    });
    assert.equal('selector' in action ? action.selector : undefined, 'app in (search, cart)');
    assert.match(preview, / -l 'app in \(search, cart\)'(?: |$)/);
  });

  it('is no second requirement where it stands for a value alone', () => {
    for (const command of [
      'kubectl get pods -l app=<selector>',
      'kubectl get pods -l app=a,<selector>',
      'argocd app list -l team=<selector>',
    ])
      for (const text of ['a,b=c', 'a=b', '!a', 'a in (b)'])
        assert.deepEqual(refusals(command, text), ['part of a Kubernetes name'], `${command} ${text}`);
    assert.deepEqual(refusals('kubectl get pods -l app=<selector>', 'search'), []);
  });
});
