import type { ApiFailure } from '../access/apiFailure.ts';
import type { ResourceKind } from './discovery.ts';

interface Selection {
  readonly selector: string | undefined;
  readonly fieldSelector?: string;
}

/** A list that the server refused, with what was looked for as kubectl says it: a selector's mistake is found in it. */
export function listFailure(
  failure: ApiFailure,
  { group, version, plural }: ResourceKind,
  { selector = '', fieldSelector = '' }: Selection,
): ApiFailure {
  const [, head, said] = /^(Error from server(?: \(\w+\))?: )(.*)$/s.exec(failure.message) ?? [];
  if (failure.status !== 400 || head === undefined || said === undefined) return failure;
  const what = `"${group}/${version}, Resource=${plural}"`;
  const sought =
    selector === '' && fieldSelector === ''
      ? `Unable to list ${what}`
      : `Unable to find ${what} that match label selector "${selector}", field selector "${fieldSelector}"`;
  return { ...failure, message: `${head}${sought}: ${said}` };
}
