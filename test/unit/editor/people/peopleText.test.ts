import assert from 'node:assert/strict';
import { peopleTemplate } from '../../../../src/editor/people/peopleTemplate.ts';
import { readPeopleText } from '../../../../src/editor/people/peopleText.ts';

describe('the text of a people file', () => {
  it('keeps every value as it is written', () => {
    const { people, problems } = readPeopleText(
      '- name: Ana\n  roles: [Tech Lead, 24]\n  phone: +351210000001\n- name: 0x10\n  roles:\n    - no\n  email:\n',
    );
    assert.deepEqual(people, [
      { name: 'Ana', roles: ['Tech Lead', '24'], phone: '+351210000001' },
      { name: '0x10', roles: ['no'] },
    ]);
    assert.deepEqual(problems, []);
  });
  it('is nobody when there is nothing but comments', () => {
    for (const text of ['', '\n', '# nobody yet\n\n  # still\n'])
      assert.deepEqual(readPeopleText(text), { people: [], problems: [] });
  });
  it('says in which line it is no YAML, and that what was read before still counts', () => {
    const { people, problems } = readPeopleText('- name: Ana\n  roles: [Tech Lead\n- name: Bo\n');
    assert.equal(people, undefined);
    assert.match(problems.join(), /^The file is no valid YAML in line 3: .*What was read before is used/);
    assert.equal(readPeopleText('*x').people, undefined);
  });
  it('begins with a file that can be read as it stands', () => {
    assert.deepEqual(readPeopleText(peopleTemplate), { people: [], problems: [] });
    const filled = readPeopleText(peopleTemplate.replace(/^# (?=[- ] )/gm, ''));
    assert.deepEqual(filled.problems, []);
    assert.equal(filled.people?.[0]?.slack, 'U012AB3CD');
    assert.equal(Object.keys(filled.people?.[0] ?? {}).length, 7);
  });
});
