import type { Contact, Guide } from '../guide/guide.ts';
import { everybody, renderWaysOf, type Reachable } from '../people/peopleFor.ts';
import type { PeopleFile } from '../people/person.ts';
import { sameWords } from '../people/sameWords.ts';
import { oneLine } from './oneLine.ts';
import { command, createNode, withUniqueIds } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

export interface ContactsScene {
  /** The guide of the incident, else the workspace's. */
  readonly guide: Guide | undefined;
  readonly people: PeopleFile;
  /** The people file as a person would call it: `incident-people.yaml`. */
  readonly peopleFile: string;
}

/**
 * Everybody who can be called, by the guide's contact table and the people file: what is on this machine, so that it
 * is there when nothing else is. A placeholder of the guide says so, unless the people file knows who holds the role.
 */
export function contactNodes({ guide, people, peopleFile }: ContactsScene): readonly TreeNode[] {
  const contacts = guide?.contacts ?? [];
  const all = everybody(people.people, contacts);
  const empty = contacts.filter(
    ({ role, placeholder }) =>
      placeholder && !all.some(({ roles }) => roles.some((one) => sameWords(one, role))),
  );
  return withUniqueIds([
    ...problemNodes(people, peopleFile),
    ...inOrderOf(contacts, all).map(personNode),
    ...empty.map((contact) => emptyNode(contact, guide)),
  ]);
}

/** Those of the guide's table in its order, then the others in the file's. */
function inOrderOf(contacts: readonly Contact[], all: readonly Reachable[]): readonly Reachable[] {
  const place = ({ name, roles }: Reachable): number => {
    const at = contacts.findIndex(
      (contact) => sameWords(contact.name, name) || roles.some((role) => sameWords(role, contact.role)),
    );
    return at < 0 ? contacts.length : at;
  };
  return all
    .map((one, index) => ({ one, at: place(one), index }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ one }) => one);
}

function personNode(person: Reachable): TreeNode {
  const { name, roles, phone, email, contact } = person;
  const id = `person/${name}`;
  // A contact without a name is called by its role.
  const role = roles.filter((one) => !sameWords(one, name)).join(', ');
  const line = [role === '' ? name : `${role}: ${name}`, phone, contact, email].filter(Boolean).join(', ');
  return createNode(
    id,
    'contact',
    {
      label: oneLine(name),
      // The number first: in a narrow sidebar a role can be guessed from its beginning, a number cannot.
      description: oneLine([phone ?? contact ?? email ?? 'no number known', role].filter(Boolean).join(', ')),
      tooltip: `${line}\nClick: copy`,
      icon: 'account',
      command: command('incident.copyText', line),
      subject: [line],
    },
    renderWaysOf(person).map(({ kind, text, link }) =>
      createNode(`${id}/${kind}`, 'contact.way', {
        label: oneLine(`${verbs[kind]} ${text}`, 120),
        icon: icons[kind],
        command: link === undefined ? command('incident.copyText', text) : command('incident.openLink', link),
        subject: [text],
      }),
    ),
  );
}

type WayKind = ReturnType<typeof renderWaysOf>[number]['kind'];
const verbs: Readonly<Record<WayKind, string>> = {
  phone: 'Call',
  email: 'Write to',
  contact: 'Copy',
  slack: 'Copy Slack id',
  pagerduty: 'Copy PagerDuty id',
  github: 'Open GitHub',
};
const icons: Readonly<Record<WayKind, string>> = {
  phone: 'call-outgoing',
  email: 'mail',
  contact: 'copy',
  slack: 'copy',
  pagerduty: 'copy',
  github: 'github',
};

const emptyNode = ({ role, name, line }: Contact, guide: Guide | undefined): TreeNode =>
  createNode(`empty/${line}`, 'contact.empty', {
    label: oneLine(role || name),
    description: 'not filled in in the guide',
    tooltip: `${role || name} has a placeholder in ${guide?.file ?? 'the guide'}, line ${line}\nClick: open it`,
    icon: 'account',
    color: 'list.warningForeground',
    command: command('incident.openGuide', line, guide?.file),
  });

function problemNodes({ problems }: PeopleFile, file: string): readonly TreeNode[] {
  if (problems.length === 0) return [];
  const open = command('incident.openPeople');
  const rows = problems.map((problem, index) =>
    createNode(`problems/${index}`, 'problem', {
      label: oneLine(problem, 300),
      icon: 'warning',
      command: open,
    }),
  );
  return [
    createNode(
      'problems',
      'problems',
      {
        label: file,
        description: `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
        icon: 'warning',
        color: 'list.warningForeground',
        command: open,
      },
      rows,
    ),
  ];
}
