import type { Receipt } from '../../core/deliveries/delivery.ts';
import type { Result } from '../../core/errors.ts';
import { failed, ok } from '../../core/errors.ts';

/** `owner/name`, as GitHub allows them; never a path that leads elsewhere. */
const repositoryName = /^[\w.-]*\w[\w.-]*\/(?!\.{1,2}$)[\w.-]+$/;

/** The repository of a place, or what is wrong with it. */
export function repositoryOf(place: Readonly<Record<string, string>>): Result<string> {
  const repository = place['repository'] ?? '';
  return repositoryName.test(repository)
    ? ok(repository)
    : failed(
        'invalid',
        `“${repository}” is no GitHub repository: write it as owner/name into incident.github.repository. Nothing was sent.`,
      );
}

export interface IssueAddress {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
}

/** The issue a receipt names: by its name, its address, or its bare number in the place's repository. */
export function issueOf({ id, name, url }: Receipt, repository: string): IssueAddress | undefined {
  const named = /^(\S+)#(\d+)$/.exec(name ?? '') ?? /\/([^/]+\/[^/]+)\/issues\/(\d+)/.exec(url ?? '');
  const [, where = repository, number] = named ?? ['', repository, /^#?(\d+)$/.exec(id.trim())?.[1]];
  return number === undefined || !repositoryName.test(where)
    ? undefined
    : { repository: where, number: Number(number) };
}
