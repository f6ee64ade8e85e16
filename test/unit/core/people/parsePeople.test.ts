import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePeople } from '../../../../src/core/people/parsePeople.ts';

const ana = {
  name: 'Ana Lima',
  roles: ['Tech Lead', 'Incident Lead'],
  phone: '+351 210 000 001',
  email: 'ana@example.org',
  slack: 'U012AB3CD',
  pagerduty: 'PXPGF42',
  github: 'ana-lima',
};

describe('the people file', () => {
  it('maps people to their roles and ids', () => {
    assert.deepEqual(parsePeople([ana]), { people: [ana], problems: [] });
    assert.deepEqual(parsePeople({ people: [ana] }), { people: [ana], problems: [] });
  });
  it('is empty without a word where there is nothing', () => {
    for (const nothing of [undefined, null, '', [], { people: null }])
      assert.deepEqual(parsePeople(nothing), { people: [], problems: [] });
  });
  it('takes roles as a list or as words with commas, and leaves empty fields out', () => {
    const { people, problems } = parsePeople([
      { name: ' Bo ', roles: 'DBA, On-call team', phone: '', slack: null, github: '@bo' },
    ]);
    assert.deepEqual(people, [{ name: 'Bo', roles: ['DBA', 'On-call team'], github: 'bo' }]);
    assert.deepEqual(problems, []);
  });
  it('says what a field should look like, and uses the rest of the entry', () => {
    const { people, problems } = parsePeople([
      { ...ana, slack: '@ana', email: 'ana', phone: 'ask Bo', pagerduty: 'ana@example.org', github: 'a b' },
    ]);
    assert.deepEqual(people, [{ name: ana.name, roles: ana.roles }]);
    assert.equal(problems.length, 5);
    assert.ok(problems.some((one) => /^Ana Lima: slack is not used\. Write a Slack member id/.test(one)));
    assert.ok(problems.every((one) => /^Ana Lima: \w+ is not used\. Write a/.test(one)));
  });
  it('leaves an entry without a name out and keeps the others', () => {
    const { people, problems } = parsePeople([{ roles: ['CTO'] }, 'Bo', ana, { name: ['x'] }]);
    assert.deepEqual(people, [ana]);
    assert.deepEqual(
      problems.map((one) => one.slice(0, 22)),
      ['Entry 1 has no name, s', 'Entry 2 has no name, s', 'Entry 4 has no name, s'],
    );
  });
  it('names a key that is not known, and keeps the roles that are words', () => {
    const { people, problems } = parsePeople([{ name: 'Bo', fone: '123', roles: ['DBA', 7] }]);
    assert.deepEqual(people, [{ name: 'Bo', roles: ['DBA'] }]);
    assert.match(problems.join('\n'), /Bo has "fone", which is not known here/);
    assert.match(problems.join('\n'), /Bo: not every role is a word/);
  });
  it('says how a file that is no list should begin', () => {
    for (const wrong of ['Ana', 7, { ana: ana }, { people: 'Ana' }]) {
      const { people, problems } = parsePeople(wrong);
      assert.deepEqual(people, []);
      assert.match(problems.join(), /"- name:"/);
    }
  });
  it('stops at a thousand people and says so', () => {
    const { people, problems } = parsePeople(Array.from({ length: 1_001 }, (_, n) => ({ name: `P${n}` })));
    assert.equal(people.length, 1_000);
    assert.match(problems.join(), /1001 people/);
  });
  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        const { people } = parsePeople([anything, ana]);
        assert.deepEqual(people.at(-1), ana);
      }),
    );
  });
});
