import { isRecord } from './jiraCall.ts';

/** Which nodes may stand in which: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
const inline = ['text', 'hardBreak', 'mention', 'emoji', 'inlineCard', 'date', 'status'];
const flow = ['paragraph', 'bulletList', 'orderedList', 'codeBlock'];
const block = [...flow, 'heading', 'blockquote', 'panel', 'rule', 'table', 'expand', 'taskList'];
const content: Readonly<Record<string, readonly string[]>> = {
  doc: block,
  paragraph: inline,
  heading: inline,
  codeBlock: ['text'],
  blockquote: flow,
  panel: [...flow, 'heading', 'rule', 'taskList'],
  expand: block,
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  listItem: flow,
  taskList: ['taskItem', 'taskList'],
  taskItem: inline,
  table: ['tableRow'],
  tableRow: ['tableCell', 'tableHeader'],
  tableCell: [...flow, 'heading', 'panel', 'rule', 'blockquote'],
  tableHeader: [...flow, 'heading', 'panel', 'rule', 'blockquote'],
  rule: [],
  ...Object.fromEntries(inline.map((type) => [type, []])),
};
/** Nodes that are nothing without something in them. */
const neverEmpty = ['bulletList', 'orderedList', 'listItem', 'blockquote', 'panel', 'table', 'tableRow'];
const marks = [
  ...['strong', 'em', 'code', 'strike', 'underline', 'link', 'subsup', 'textColor', 'backgroundColor'],
];

type Node = Readonly<Record<string, unknown>>;
type Attributes = Readonly<Record<string, unknown>>;

const attributesFit: Readonly<Record<string, (attrs: Attributes) => boolean>> = {
  heading: ({ level }) => typeof level === 'number' && level >= 1 && level <= 6 && Number.isInteger(level),
  panel: ({ panelType }) =>
    ['info', 'note', 'tip', 'warning', 'error', 'success', 'custom'].includes(String(panelType)),
  mention: ({ id }) => typeof id === 'string',
  emoji: ({ shortName }) => typeof shortName === 'string',
  inlineCard: ({ url, data }) => typeof url === 'string' || data !== undefined,
  date: ({ timestamp }) => typeof timestamp === 'string',
  status: ({ text, color }) => typeof text === 'string' && typeof color === 'string',
};

function isMark(mark: unknown, all: readonly unknown[]): boolean {
  if (!isRecord(mark) || !marks.includes(String(mark['type']))) return false;
  const { type, attrs } = mark;
  if (type === 'link') return isRecord(attrs) && typeof attrs['href'] === 'string';
  // Code goes with a link and nothing else.
  return (
    type !== 'code' ||
    all.every((other) => isRecord(other) && ['code', 'link'].includes(String(other['type'])))
  );
}

function isNode(node: unknown, allowed: readonly string[]): boolean {
  if (!isRecord(node)) return false;
  const type = String(node['type']);
  const children = content[type];
  if (children === undefined || !allowed.includes(type)) return false;
  if (type === 'text') return isText(node);
  const fits = attributesFit[type];
  if (fits !== undefined && !(isRecord(node['attrs']) && fits(node['attrs']))) return false;
  const inside = node['content'] ?? [];
  if (!Array.isArray(inside)) return false;
  if (inside.length === 0 && neverEmpty.includes(type)) return false;
  return inside.every((child) => isNode(child, children));
}

function isText({ text, marks: given = [] }: Node): boolean {
  if (typeof text !== 'string' || text === '') return false;
  return Array.isArray(given) && given.every((mark) => isMark(mark, given));
}

/** Whether it claims to be a document at all: what a text is told is another sentence than what a wrong document is. */
export const claimsDocument = (value: unknown): value is Node =>
  isRecord(value) && value['type'] === 'doc' && value['version'] === 1 && Array.isArray(value['content']);

/** Whether every node, mark and attribute is where the format has it; an empty text node is not. */
export const isDocument = (value: unknown): value is Node => claimsDocument(value) && isNode(value, ['doc']);

/** All text of a document, for searches and limits. */
export function textOf(node: unknown): string {
  if (!isRecord(node)) return '';
  const inside = Array.isArray(node['content']) ? node['content'].map(textOf) : [];
  return [typeof node['text'] === 'string' ? node['text'] : '', ...inside].join(' ').trim();
}
