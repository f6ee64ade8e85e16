import type { WebCall } from '../webApi.ts';
import type { GitHubIssue, GitHubRepository, GitHubToken } from './gitHubState.ts';
import type { GitHubStore } from './gitHubStore.ts';

/** An answer with a message and, but for the server's own failures, the address of its documentation. */
export class GitHubRefusal extends Error {
  readonly status: number;
  /** A path under docs.github.com; the operation's own when undefined. */
  readonly documentation: string | undefined;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    message: string,
    more: {
      readonly documentation?: string;
      readonly errors?: readonly unknown[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.documentation = more.documentation;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

/** One entry of `errors`: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: 'missing_field' | 'invalid' | 'already_exists' | 'missing' | 'custom' | 'unprocessable';
  readonly message?: string;
  readonly value?: unknown;
}

export const validationFailed = (...errors: readonly FieldError[]): GitHubRefusal =>
  new GitHubRefusal(422, 'Validation Failed', { errors });

/** What the body's schema itself refuses. */
export const invalidRequest = (words: string): GitHubRefusal =>
  new GitHubRefusal(422, `Invalid request.\n\n${words}`);

export const notFound = (): GitHubRefusal => new GitHubRefusal(404, 'Not Found');

export interface GitHubCall extends WebCall {
  readonly store: GitHubStore;
  readonly caller: GitHubToken;
  /** Base URL that the caller used, for links. */
  readonly base: string;
}

export interface GitHubAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Public, or one that the account reads and the token was made for. */
export const canSee = ({ caller }: GitHubCall, repository: GitHubRepository): boolean => {
  if (!repository.isPrivate) return true;
  if (!repository.readers.has(caller.login)) return false;
  return caller.kind === 'classic' ? caller.scopes.includes('repo') : isSelected(caller, repository);
};

const isSelected = (
  caller: Extract<GitHubToken, { kind: 'fine-grained' }>,
  { owner, name }: GitHubRepository,
): boolean => caller.repositories.some((full) => full.toLowerCase() === `${owner}/${name}`.toLowerCase());

/** By full name, or by id as in the links of pages; what the caller may not see is not found. */
export function repositoryOf(call: GitHubCall, owner: string, name: string): GitHubRepository {
  const repository = call.store.repositories.get(`${owner}/${name}`.toLowerCase());
  if (repository === undefined || !canSee(call, repository)) throw notFound();
  return repository;
}

/**
 * Refuses what the token does not reach: a fine-grained one with 403 and the permission that is missing in
 * `x-accepted-github-permissions`, a classic one with 404, as if nothing were there.
 */
export function needIssues(call: GitHubCall, repository: GitHubRepository, access: 'read' | 'write'): void {
  const { caller } = call;
  if (caller.kind === 'classic') {
    const scopes = repository.isPrivate ? ['repo'] : ['repo', 'public_repo'];
    if (access === 'write' && !scopes.some((scope) => caller.scopes.includes(scope))) throw notFound();
  } else {
    const reads = !repository.isPrivate || caller.issues !== 'none';
    const may = access === 'read' ? reads : caller.issues === 'write' && isSelected(caller, repository);
    if (!may)
      throw new GitHubRefusal(403, 'Resource not accessible by personal access token', {
        headers: { 'x-accepted-github-permissions': `issues=${access}` },
      });
  }
  if (access === 'write' && repository.isArchived)
    throw new GitHubRefusal(403, 'Repository was archived so is read-only.');
  if (!repository.hasIssues) throw new GitHubRefusal(410, 'Issues are disabled for this repo');
}

export function issueOf(repository: GitHubRepository, number: string): GitHubIssue {
  const issue = repository.issues.get(Number(number));
  if (issue === undefined) throw notFound();
  if (issue.isDeleted) throw new GitHubRefusal(410, 'This issue was deleted');
  return issue;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of a JSON body. */
export function fieldsOf({ text, body }: GitHubCall): Readonly<Record<string, unknown>> {
  const parsed = typeof body === 'string' ? parse(text) : body;
  if (!isRecord(parsed)) throw new GitHubRefusal(400, 'Body should be a JSON object');
  return parsed;
}

/** GitHub reads JSON whatever the content type says. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GitHubRefusal(400, 'Problems parsing JSON');
  }
}

const shown = (value: unknown): string =>
  value === null ? 'nil' : typeof value === 'string' ? JSON.stringify(value) : String(JSON.stringify(value));

/** A text of the body; undefined when absent, refused by the schema when it is something else. */
export function textField(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalidRequest(`For 'properties/${name}', ${shown(value)} is not a string.`);
}

/** A list of texts of the body, or of objects with a `name`. */
export function namesField(
  fields: Readonly<Record<string, unknown>>,
  name: string,
): readonly string[] | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value))
    throw invalidRequest(`For 'properties/${name}', ${shown(value)} is not an array.`);
  return value.map((item: unknown, n) => {
    const text = isRecord(item) ? item['name'] : item;
    if (typeof text !== 'string')
      throw invalidRequest(`For 'properties/${name}/${n}', ${shown(item)} is not a string.`);
    return text;
  });
}
