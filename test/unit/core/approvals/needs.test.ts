import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  covers,
  isWanted,
  joinNeeds,
  openNeeds,
  parseNeeds,
  renderNeeds,
} from '../../../../src/core/approvals/needs.ts';
import { mayApproveOneself, needsFor, parsePolicy } from '../../../../src/core/approvals/policy.ts';

describe('who has to approve, as a guide writes it', () => {
  const cases: readonly (readonly [string, ReturnType<typeof parseNeeds>['needs']])[] = [
    ['second person', [{ people: 1 }]],
    ['a second-person', [{ people: 1 }]],
    ['true', [{ people: 1 }]],
    ['1', [{ people: 1 }]],
    ['2', [{ people: 2 }]],
    ['2 people', [{ people: 2 }]],
    ['Tech Lead', [{ people: 1, role: 'Tech Lead' }]],
    ['role: Tech Lead', [{ people: 1, role: 'Tech Lead' }]],
    ['2 of Tech Lead', [{ people: 2, role: 'Tech Lead' }]],
    [
      'Tech Lead, Engenheira de plantão',
      [
        { people: 1, role: 'Tech Lead' },
        { people: 1, role: 'Engenheira de plantão' },
      ],
    ],
    ['second person, Tech Lead', [{ people: 1, role: 'Tech Lead' }]],
    ['3, Tech Lead', [{ people: 3 }, { people: 1, role: 'Tech Lead' }]],
    ['none', []],
    ['0', []],
  ];
  for (const [text, needs] of cases)
    it(`reads “${text}”`, () => assert.deepEqual(parseNeeds(text), { needs, problem: undefined }));

  for (const text of ['', '10', '?', '<role>', '2 of', ' , '])
    it(`asks for a second person where “${text}” cannot be read, and says so`, () => {
      const { needs, problem } = parseNeeds(text);
      assert.deepEqual(needs, [{ people: 1 }]);
      assert.match(problem ?? '', /second person/);
    });

  it('never throws and never asks for nobody by mistake', () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { needs, problem } = parseNeeds(text);
        const says = text.split(',').every((part) => /^\s*(?:no|none|false|0)\s*$/i.test(part));
        return (needs.length > 0 || says) && (problem === undefined || needs.length > 0);
      }),
    ));

  it('says it in words', () => {
    assert.equal(renderNeeds([{ people: 1 }]), 'a second person');
    assert.equal(
      renderNeeds([{ people: 2 }, { people: 1, role: 'Tech Lead' }]),
      '2 other people and somebody who is Tech Lead',
    );
  });
});

describe('who is still wanted', () => {
  const ana = { who: 'Ana', roles: [] };
  const lead = { who: 'Ben', roles: ['tech  lead'] };
  it('counts nobody twice', () => {
    assert.deepEqual(openNeeds([{ people: 2 }], [ana, { who: ' ana', roles: [] }]), [{ people: 1 }]);
    assert.deepEqual(openNeeds([{ people: 2 }], [ana, lead]), []);
  });
  it('takes a role only from who holds it', () => {
    const needs = [{ people: 1, role: 'Tech Lead' }];
    assert.deepEqual(openNeeds(needs, [ana]), needs);
    assert.deepEqual(openNeeds(needs, [lead]), []);
    assert.deepEqual([isWanted(needs, ana), isWanted(needs, lead)], [false, true]);
  });
});

describe('the floor of the settings', () => {
  const policy = parsePolicy([{ floor: { destructive: 'second person', 'change SEV1': 'Tech Lead' } }], 30);
  it('holds by risk and by severity', () => {
    assert.deepEqual(needsFor(policy, 'read', 'SEV1', undefined).needs, []);
    assert.deepEqual(needsFor(policy, 'change', 'SEV2', undefined).needs, []);
    assert.deepEqual(needsFor(policy, 'change', 'sev1', undefined).needs, [{ people: 1, role: 'Tech Lead' }]);
    assert.deepEqual(needsFor(policy, 'destructive', 'SEV2', undefined).needs, [{ people: 1 }]);
    assert.deepEqual(needsFor(policy, 'destructive', 'SEV1', undefined).needs, [
      { people: 1, role: 'Tech Lead' },
    ]);
  });
  it('is raised by a guide, never lowered', () => {
    assert.deepEqual(needsFor(policy, 'destructive', 'SEV2', 'none').needs, [{ people: 1 }]);
    assert.deepEqual(needsFor(policy, 'destructive', 'SEV2', '2').needs, [{ people: 2 }]);
    assert.deepEqual(needsFor(policy, 'read', 'SEV2', 'second person').needs, [{ people: 1 }]);
    const words = fc.constantFrom('none', 'second person', '2', '4 people', 'Tech Lead', '2 of DBA', '%%');
    fc.assert(
      fc.property(
        words,
        fc.constantFrom('read' as const, 'change' as const, 'destructive' as const),
        fc.constantFrom('SEV1', 'SEV2'),
        (attribute, risk, severity) =>
          covers(
            needsFor(policy, risk, severity, attribute).needs,
            needsFor(policy, risk, severity, undefined).needs,
          ),
      ),
    );
  });
  it('takes the strictest of what the person and the workspace have set', () => {
    const both = parsePolicy(
      [
        { floor: { destructive: '2' }, self: 'never' },
        { floor: { destructive: 'none' }, self: 'always' },
      ],
      30,
    );
    assert.deepEqual(needsFor(both, 'destructive', 'SEV3', undefined).needs, [{ people: 2 }]);
    assert.equal(both.self, 'never');
  });
  it('says what cannot be read, for then nothing but reads runs', () => {
    for (const floor of [{ destructiv: 'second person' }, { change: 3 }, { change: '?' }, ['x'], 'yes'])
      assert.match(parsePolicy([{ floor }], 30).problem ?? '', /incident\.approvals\.floor/);
    assert.match(parsePolicy([{ self: 'sometimes' }], 30).problem ?? '', /incident\.approvals\.self/);
    assert.equal(parsePolicy([{ self: 'sometimes' }], 30).self, 'never');
    assert.equal(parsePolicy([{}, {}], 30).problem, undefined);
  });
  it('keeps to whole minutes within a day', () => {
    assert.deepEqual(
      [5, 0, 5_000, 'x', Number.NaN].map((minutes) => parsePolicy([], minutes).minutes),
      [5, 30, 30, 30, 30],
    );
  });
  it('says who may approve alone', () => {
    const of = (self: unknown) => parsePolicy([{ self }], 30);
    assert.deepEqual(
      (['always', 'change', 'never'] as const).map((self) => [
        mayApproveOneself(of(self), 'change'),
        mayApproveOneself(of(self), 'destructive'),
      ]),
      [
        [true, true],
        [true, false],
        [false, false],
      ],
    );
  });
});

describe('joining needs', () => {
  const need = fc.record(
    { people: fc.integer({ min: 1, max: 9 }), role: fc.constantFrom('A', 'a', 'B') },
    { requiredKeys: ['people'] },
  );
  it('only ever asks for more', () =>
    fc.assert(
      fc.property(fc.array(need), fc.array(need), (some, more) => {
        const joined = joinNeeds([...some, ...more]);
        return covers(joined, some) && covers(joined, more);
      }),
    ));
});
