import assert from 'node:assert/strict';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import type { PeopleFile } from '../../../../src/core/people/person.ts';
import { contactNodes } from '../../../../src/core/views/contactsTree.ts';
import type { TreeNode } from '../../../../src/core/views/treeNode.ts';
import { aGuide } from '../../../support/builders.ts';

const people: PeopleFile = {
  people: [
    {
      name: 'Ana Lima',
      roles: ['Tech Lead', 'Incident Lead'],
      phone: '+351 210 (000) 001',
      email: 'ana@example.org',
      slack: 'U012AB3CD',
      pagerduty: 'PXPGF42',
      github: 'ana-lima',
    },
    { name: 'Di', roles: ['On-call DBA'], phone: '020 7946 0000' },
  ],
  problems: [],
};
const none: PeopleFile = { people: [], problems: [] };
const draw = (guide: Guide | undefined, file: PeopleFile): readonly TreeNode[] =>
  contactNodes({ guide, people: file, peopleFile: 'incident-people.yaml' });
const rows = (nodes: readonly TreeNode[]) => nodes.map(({ label, description }) => [label, description]);

describe('the contacts', () => {
  it('are the guide’s with name, role and number, and a placeholder opens its line', () => {
    const nodes = draw(aGuide(), none);
    assert.deepEqual(rows(nodes), [
      ['Sam', '#security, Security'],
      ['On-call DBA', 'not filled in in the guide'],
    ]);
    assert.deepEqual(nodes[1]?.command, { id: 'incident.openGuide', args: [120, 'guide.md'] });
    assert.deepEqual(nodes[0]?.command, { id: 'incident.copyText', args: ['Security: Sam, #security'] });
  });
  it('are those of the people file too, who fill what the guide left open', () => {
    assert.deepEqual(rows(draw(aGuide(), people)), [
      ['Di', '020 7946 0000, On-call DBA'],
      ['Sam', '#security, Security'],
      ['Ana Lima', '+351 210 (000) 001, Tech Lead, Incident Lead'],
    ]);
    assert.deepEqual(rows(draw(undefined, people)).length, 2);
  });
  it('open and copy each way to reach somebody', () => {
    const ana = draw(undefined, people)[0];
    assert.deepEqual(
      ana?.children.map(({ label, command }) => [label, command?.id, command?.args[0]]),
      [
        ['Call +351 210 (000) 001', 'incident.openLink', 'tel:+351210000001'],
        ['Write to ana@example.org', 'incident.openLink', 'mailto:ana@example.org'],
        ['Copy Slack id U012AB3CD', 'incident.copyText', 'U012AB3CD'],
        ['Copy PagerDuty id PXPGF42', 'incident.copyText', 'PXPGF42'],
        ['Open GitHub ana-lima', 'incident.openLink', 'https://github.com/ana-lima'],
      ],
    );
  });
  it('say when no number is known, and call a nameless contact by its role', () => {
    const nameless = aGuide({
      contacts: [{ role: 'War room', name: '', contact: '', placeholder: false, line: 1 }],
    });
    assert.deepEqual(rows(draw(nameless, none)), [['War room', 'no number known']]);
  });
  it('tell what is wrong with the people file first, and still show the rest', () => {
    const [first, ...rest] = draw(undefined, { ...people, problems: ['Entry 3 has no name.', 'Other.'] });
    assert.deepEqual([first?.label, first?.description], ['incident-people.yaml', '2 problems']);
    assert.deepEqual(
      first?.children.map(({ label, command }) => [label, command?.id]),
      [
        ['Entry 3 has no name.', 'incident.openPeople'],
        ['Other.', 'incident.openPeople'],
      ],
    );
    assert.equal(rest.length, 2);
  });
  it('are nothing at all where nobody is listed, so that the empty view says what to do', () => {
    assert.deepEqual(draw(undefined, none), []);
  });
});
