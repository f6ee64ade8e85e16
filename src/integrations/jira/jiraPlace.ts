import type { Receipt } from '../../core/deliveries/delivery.ts';
import type { Result } from '../../core/errors.ts';
import { failed, ok } from '../../core/errors.ts';

export interface JiraPlace {
  readonly baseUrl: string;
  /** Of the account that the token belongs to. */
  readonly email: string;
  /** The project's key. */
  readonly project: string;
  /** Name or id. */
  readonly issueType: string;
}

const settings = { email: 'e-mail', project: 'project', issueType: 'issue type' } as const;

/** What is needed to file an issue, or which of it is missing. */
export function readJiraPlace(place: Readonly<Record<string, string>>): Result<JiraPlace> {
  const baseUrl = place['baseUrl'] ?? '';
  if (!URL.canParse(baseUrl))
    return failed('invalid', 'incident.jira.baseUrl is no address. Nothing was sent.');
  for (const [key, name] of Object.entries(settings))
    if (!place[key])
      return failed('invalid', `No ${name} for Jira: set incident.jira.${key}. Nothing was sent.`);
  const project = (place['project'] ?? '').toUpperCase();
  if (!/^[A-Z][A-Z0-9_]*$/.test(project))
    return failed(
      'invalid',
      `“${project}” is no key of a Jira project: write it like OPS into incident.jira.project. Nothing was sent.`,
    );
  return ok({ baseUrl, project, email: place['email'] ?? '', issueType: place['issueType'] ?? '' });
}

/** The key of the issue that a receipt names: by its id, its name or its address. */
export const issueKeyOf = ({ id, name, url }: Receipt): string | undefined =>
  [id, name ?? '', /\/browse\/([^/?#]+)/.exec(url ?? '')?.[1] ?? '']
    .map((text) => text.trim().toUpperCase())
    .find((text) => /^[A-Z][A-Z0-9_]*-\d+$/.test(text));
