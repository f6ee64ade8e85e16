import assert from 'node:assert/strict';
import type { Contact } from '../../../../src/core/guide/guide.ts';
import { everybody, holdersOf, peopleFor, waysOf } from '../../../../src/core/people/peopleFor.ts';
import type { Person } from '../../../../src/core/people/person.ts';

const ana: Person = {
  name: 'Ana Lima',
  roles: ['Tech Lead'],
  phone: '+351 210 000 001',
  slack: 'U012AB3CD',
  email: 'ana@example.org',
};
const bo: Person = { name: 'Bo', roles: ['Tech Lead Platform'], pagerduty: 'PXPGF42', github: 'bo' };
const contact = (role: string, name: string, reach: string, placeholder = false): Contact => ({
  role,
  name,
  contact: reach,
  placeholder,
  line: 1,
});

describe('people for the guide’s roles', () => {
  it('finds those who hold a role, however it is written, with their ids alone', () => {
    assert.deepEqual(peopleFor(['tech  LEAD'], [ana, bo], []), {
      people: [{ name: 'Ana Lima', slack: 'U012AB3CD', email: 'ana@example.org' }],
      unknown: [],
    });
  });
  it('takes those of a narrower role where nobody holds the very one, and never those of a wider', () => {
    assert.deepEqual(peopleFor(['Tech Lead'], [bo], []).people, [
      { name: 'Bo', pagerduty: 'PXPGF42', github: 'bo' },
    ]);
    assert.deepEqual(peopleFor(['Tech Lead Platform'], [ana], []).unknown, ['Tech Lead Platform']);
    assert.deepEqual(peopleFor(['Tech'], [{ name: 'Cy', roles: ['Technician'] }], []).unknown, ['Tech']);
  });
  it('lists a person with two of the roles once, and the roles that nobody holds', () => {
    const both: Person = { name: 'Cy', roles: ['CTO', 'Engineering Manager'] };
    assert.deepEqual(peopleFor(['CTO', 'Engineering Manager', 'Legal'], [both], []), {
      people: [{ name: 'Cy' }],
      unknown: ['Legal'],
    });
  });
  it('takes the guide’s contacts too, and joins one with the person of its name', () => {
    const contacts = [
      contact('Security', 'ANA lima', '#security'),
      contact('On-call DBA', 'Di', '+44 20 7946 0000'),
      contact('CTO', '[Name]', '[Phone]', true),
    ];
    assert.deepEqual(peopleFor(['Security', 'On-call DBA', 'CTO'], [ana], contacts), {
      people: [{ name: 'Ana Lima', slack: 'U012AB3CD', email: 'ana@example.org' }, { name: 'Di' }],
      unknown: ['CTO'],
    });
    const [joined, di] = everybody([ana], contacts);
    assert.deepEqual(joined, { ...ana, roles: ['Tech Lead', 'Security'], contact: '#security' });
    assert.deepEqual(di, { name: 'Di', roles: ['On-call DBA'], phone: '+44 20 7946 0000' });
  });
  it('believes the people file where the guide gives another number', () => {
    const [joined] = everybody([ana], [contact('Tech Lead', 'Ana Lima', '999 999')]);
    assert.deepEqual(joined, ana);
  });
  it('keeps the order of the roles', () => {
    assert.deepEqual(
      holdersOf(['Security', 'Tech Lead'], [ana], []).map(({ role, who }) => [role, who.length]),
      [
        ['Security', 0],
        ['Tech Lead', 1],
      ],
    );
  });
  it('tells a phone number, an address and anything else apart', () => {
    assert.deepEqual(waysOf('tel:+351210000001'), { phone: '+351210000001' });
    assert.deepEqual(waysOf('mailto:a@b.example'), { email: 'a@b.example' });
    assert.deepEqual(waysOf('@ana'), { contact: '@ana' });
    assert.deepEqual(waysOf(' '), {});
  });
});
