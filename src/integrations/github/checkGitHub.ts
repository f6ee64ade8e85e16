import * as v from 'valibot';
import type { Result } from '../../core/errors.ts';
import { failed, ok } from '../../core/errors.ts';
import type { JsonAnswer } from '../askJson.ts';
import { answerTimeoutMs, plainResult, readAnswer } from '../askJson.ts';
import type { CheckConnection, ConnectedAs } from '../connection.ts';
import type { GitHubApi } from './githubApi.ts';
import { createGitHubApi } from './githubApi.ts';
import { repositoryOf } from './githubPlace.ts';

const userSchema = v.object({ login: v.string() });
const repositorySchema = v.object({
  full_name: v.string(),
  private: v.optional(v.boolean(), false),
  has_issues: v.optional(v.boolean(), true),
  archived: v.optional(v.boolean(), false),
  permissions: v.optional(v.object({ push: v.optional(v.boolean()), triage: v.optional(v.boolean()) })),
});
type Repository = v.InferOutput<typeof repositorySchema>;

/**
 * Who a GitHub token is, until when it is good (GitHub tells it in a header of each answer), and what stands in the way
 * of an issue in `options.repository`.
 */
export const checkGitHub: CheckConnection = async ({ baseUrl, token, options }, signal) => {
  if (token === undefined) return failed('unauthorized', 'No token for GitHub was given.');
  if (!URL.canParse(baseUrl)) return failed('invalid', 'incident.github.baseUrl is no address.');
  const api = createGitHubApi({ fetch, baseUrl, token, signal, timeoutMs: answerTimeoutMs });
  const user = await api.ask({
    method: 'GET',
    path: '/user',
    what: 'say who the token is',
    addressed: 'the user of this token',
  });
  // The token of an app's installation is nobody's.
  const isApp = !user.ok && user.failure.status === 403 && user.failure.retry === 'person';
  if (!user.ok && !isApp) return plainResult(user);
  const read = user.ok
    ? readAnswer({ system: 'GitHub', what: 'say who the token is' }, userSchema, user.value.body)
    : undefined;
  if (read?.ok === false) return plainResult(read);
  const repository = await lookAtRepository(api, options, user.ok ? user.value : undefined);
  if (!repository.ok) return repository;
  const until = user.ok ? expirationOf(user.value.headers) : undefined;
  return ok<ConnectedAs>({
    who: read ? `@${read.value.login}` : 'a GitHub App',
    warnings: repository.value,
    ...(until === undefined ? {} : { until }),
  });
};

async function lookAtRepository(
  api: GitHubApi,
  options: Readonly<Record<string, string>>,
  user: JsonAnswer | undefined,
): Promise<Result<readonly string[]>> {
  if (!options['repository'])
    return ok(['No repository is set yet: incident.github.repository says where issues go.']);
  const repository = repositoryOf(options);
  if (!repository.ok) return repository;
  const found = await api.read(
    {
      method: 'GET',
      path: `/repos/${repository.value}`,
      what: 'look at the repository',
      addressed: repository.value,
    },
    repositorySchema,
  );
  if (!found.ok)
    return found.failure.status === 404
      ? ok([
          `${repository.value} is not there, or this token does not see it. Give the token access to it, or set incident.github.repository.`,
        ])
      : plainResult(found);
  return ok(warningsOf(found.value, repository.value, user?.headers.get('x-oauth-scopes') ?? undefined));
}

function warningsOf(found: Repository, asked: string, scopes: string | undefined): readonly string[] {
  const { full_name: name, has_issues: hasIssues, archived, permissions } = found;
  const has = (scope: string): boolean => (scopes ?? '').split(/,\s*/).includes(scope);
  // Only classic tokens name their scopes; the others do not tell what they may.
  const lacksScope = scopes !== undefined && !has('repo') && (found.private || !has('public_repo'));
  return [
    name.toLowerCase() === asked.toLowerCase()
      ? undefined
      : `${asked} is called ${name} now. Set incident.github.repository to it.`,
    archived ? `${name} is archived: no issue can be made there.` : undefined,
    hasIssues ? undefined : `Issues are turned off in ${name}. Turn them on in its settings.`,
    lacksScope
      ? `The token has no scope “${found.private ? 'repo' : 'public_repo'}”, so it cannot make an issue.`
      : undefined,
    permissions && !permissions.push && !permissions.triage
      ? `No write access to ${name}: issues are made without labels, and cannot be closed unless you made them.`
      : undefined,
  ].filter((one) => one !== undefined);
}

/** `2026-12-24 00:00:00 UTC`, or with an offset in its place, as UTC ISO 8601. */
export function expirationOf(headers: Headers): string | undefined {
  const said = headers.get('github-authentication-token-expiration') ?? '';
  const [, date, time, zone] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (UTC|[+-]\d{4})$/.exec(said) ?? [];
  if (date === undefined || time === undefined || zone === undefined) return undefined;
  const offset = zone === 'UTC' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const ms = Date.parse(`${date}T${time}${offset}`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
