import { claimsDocument, isDocument, textOf } from './documents.ts';
import { badRequest, isRecord } from './jiraCall.ts';
import type { JiraDocument, JiraProject } from './jiraState.ts';
import type { JiraStore } from './jiraStore.ts';

/** What a request sets; undefined leaves it as it is. */
export interface FieldChanges {
  summary?: string;
  description?: JiraDocument | null;
  labels?: readonly string[];
  priority?: string;
  assignee?: string | null;
}

/** Longest summary, label and description, in characters. */
const longestSummary = 255;
const longestLabel = 255;
const longestText = 32_767;
const priorities = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

/** A field's value, or the sentence that Jira says of it. */
type Checked<Value> = { readonly value: Value } | { readonly error: string };

function checkSummary(value: unknown): Checked<string> {
  if (typeof value !== 'string')
    return {
      error:
        value === null || value === undefined
          ? 'You must specify a summary of the issue.'
          : 'Operation value must be a string',
    };
  if (value.trim() === '') return { error: 'You must specify a summary of the issue.' };
  if (/[\r\n]/.test(value))
    return { error: 'The summary is invalid because it contains newline characters.' };
  return value.length > longestSummary
    ? { error: `Summary can't exceed ${longestSummary} characters.` }
    : { value: value.trim() };
}

/** Throws 400 `INVALID_INPUT` for what claims to be a document and is none: Jira does not say where. */
function checkDescription(value: unknown): Checked<JiraDocument | null> {
  if (value === null) return { value };
  if (!claimsDocument(value))
    return { error: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' };
  if (!isDocument(value)) throw badRequest('INVALID_INPUT');
  return textOf(value).length > longestText
    ? { error: 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.' }
    : { value };
}

export function checkLabels(value: unknown): Checked<readonly string[]> {
  if (!Array.isArray(value)) return { error: 'data was not an array' };
  for (const [index, label] of value.entries()) {
    if (typeof label !== 'string') return { error: `string expected at index ${index}` };
    if (/\s/.test(label)) return { error: `The label '${label}' contains spaces which is invalid.` };
    if (label.length > longestLabel)
      return { error: `The label '${label}' exceeds the maximum length of ${longestLabel} characters.` };
  }
  return { value: [...new Set(value as readonly string[])] };
}

function checkPriority(value: unknown): Checked<string> {
  const found = isRecord(value)
    ? priorities.find((name, n) => value['name'] === name || value['id'] === String(n + 1))
    : undefined;
  return found === undefined ? { error: 'The priority selected is invalid.' } : { value: found };
}

const checkAssignee =
  (store: JiraStore) =>
  (value: unknown): Checked<string | null> => {
    if (value === null) return { value };
    const id = isRecord(value) ? (value['accountId'] ?? value['id']) : undefined;
    if (id === null) return { value: null };
    return typeof id === 'string' && store.accounts.has(id)
      ? { value: id }
      : { error: `User '${typeof id === 'string' ? id : ''}' does not exist.` };
  };

/**
 * Reads the fields that a screen may hold. What is unknown, or not on the project's screen, is refused by name, each
 * field with a sentence of its own in `errors`. Throws for a broken document.
 */
export function readFields(
  store: JiraStore,
  project: JiraProject,
  fields: Readonly<Record<string, unknown>>,
  maySet: boolean,
): { readonly changes: FieldChanges; readonly errors: Readonly<Record<string, string>> } {
  const changes: FieldChanges = {};
  const errors: Record<string, string> = {};
  const take = <Name extends keyof FieldChanges>(
    name: Name,
    check: (value: unknown) => Checked<NonNullable<FieldChanges[Name]> | Extract<FieldChanges[Name], null>>,
  ): void => {
    const checked = check(fields[name]);
    if ('error' in checked) errors[name] = checked.error;
    else changes[name] = checked.value;
  };
  for (const name of Object.keys(fields)) {
    const known = maySet && project.screenFields.has(name);
    if (known && name === 'summary') take('summary', checkSummary);
    else if (known && name === 'description') take('description', checkDescription);
    else if (known && name === 'labels') take('labels', checkLabels);
    else if (known && name === 'priority') take('priority', checkPriority);
    else if (known && name === 'assignee') take('assignee', checkAssignee(store));
    else errors[name] = `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
  }
  return { changes, errors };
}
