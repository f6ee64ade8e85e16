import type { JiraAnswer, JiraCall } from './jiraCall.ts';
import { badRequest, isRecord, issueOf, JiraRefusal, jsonBody, may, needCaller } from './jiraCall.ts';

/** Longest key, and longest JSON of a value, in characters. */
const longestKey = 255;
const longestValue = 32_768;

function checkProperty(key: string, value: unknown): void {
  if (key === '' || key.length > longestKey)
    throw badRequest(`The property key must be between 1 and ${longestKey} characters long.`);
  if (value === undefined || value === null) throw badRequest('The property value cannot be empty.');
  if (JSON.stringify(value).length > longestValue)
    throw badRequest(`The property value is longer than ${longestValue} characters.`);
}

/** The `properties` of a request that creates or edits an issue: a list of key and value. */
export function readProperties(given: unknown): Map<string, unknown> {
  if (given === undefined || given === null) return new Map();
  if (!Array.isArray(given))
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.');
  return new Map(
    given.map((entry: unknown) => {
      const { key, value } = isRecord(entry) ? entry : {};
      checkProperty(typeof key === 'string' ? key : '', value);
      return [String(key), value];
    }),
  );
}

/** The properties of these names, as they stand in an issue that was asked for them: at most five. */
export function shownProperties(
  properties: ReadonlyMap<string, unknown>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (names.length > 5) throw badRequest('No more than 5 properties can be requested.');
  return Object.fromEntries(
    [...properties].filter(([name]) => names.includes('*all') || names.includes(name)),
  );
}

/** GET …/issue/KEY/properties/NAME: read at once after it was written, unlike a search. */
export function getProperty(call: JiraCall, [key = '', name = '']: readonly string[]): JiraAnswer {
  const { properties } = issueOf(call, key);
  if (!properties.has(name)) throw new JiraRefusal(404, [`The property with key '${name}' does not exist.`]);
  return { status: 200, body: { key: name, value: properties.get(name) } };
}

/** PUT …/issue/KEY/properties/NAME: any JSON but null; 201 for a new one, 200 for one that was there. */
export function setProperty(call: JiraCall, [key = '', name = '']: readonly string[]): JiraAnswer {
  needCaller(call);
  const issue = issueOf(call, key);
  if (!may(call, issue.project, 'EDIT_ISSUES'))
    throw new JiraRefusal(403, ['You do not have permission to edit this issue.']);
  const value = jsonBody(call);
  checkProperty(name, value);
  const status = issue.properties.has(name) ? 200 : 201;
  issue.properties.set(name, value);
  call.store.changed(issue);
  return { status };
}
