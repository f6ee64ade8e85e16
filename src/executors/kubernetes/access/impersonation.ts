import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import type { KubeUser } from './kubeconfig.ts';

/**
 * The headers of `as`, `as-groups`, `as-uid` and `as-user-extra`. Fails `invalid` where a group or the like is there
 * without a user, as kubectl does.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function impersonationHeaders(user: KubeUser): ApiResult<Record<string, string | string[]>> {
  const { impersonate, impersonateGroups, impersonateUid, impersonateExtra } = user;
  const extra = Object.entries(impersonateExtra);
  if (impersonate === undefined) {
    if (impersonateGroups.length === 0 && impersonateUid === undefined && extra.length === 0)
      return { ok: true, value: {} };
    return apiFailed({
      code: 'invalid',
      message: `User ${user.name} in the kubeconfig asks for groups, a uid or extra values of another user (as-groups, as-uid, as-user-extra) without naming that user in "as". Nothing was sent; correct the kubeconfig.`,
    });
  }
  return {
    ok: true,
    value: {
      'Impersonate-User': impersonate,
      ...(impersonateGroups.length === 0 ? {} : { 'Impersonate-Group': [...impersonateGroups] }),
      ...(impersonateUid === undefined ? {} : { 'Impersonate-Uid': impersonateUid }),
      ...Object.fromEntries(
        extra.map(([key, values]) => [`Impersonate-Extra-${headerPart(key)}`, [...values]]),
      ),
    },
  };
}

/** What may not stand in a header's name, and the percent sign itself, as its UTF-8 bytes in hexadecimal. */
const headerPart = (key: string): string =>
  [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(letter)
        ? letter
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
