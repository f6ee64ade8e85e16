import type { ShellPlan } from '../../core/plan/plan.ts';

const argoCd = /(^|[\s;&|(`$/])argocd\b/;

/**
 * Variables that tie the argocd CLI to the pinned server; without one, `emptyFolder` stands for its configuration, so
 * that it cannot take its own current context. A session that `argocd login` made is used, no token is added.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/environment-variables/
 */
export function argoCdVariables(
  { target }: Pick<ShellPlan, 'target'>,
  emptyFolder: string,
): Readonly<Record<string, string>> {
  const url =
    target.argoCdServer !== undefined && URL.canParse(target.argoCdServer)
      ? new URL(target.argoCdServer)
      : undefined;
  if (!url) return { ARGOCD_SERVER: '', ARGOCD_OPTS: '', ARGOCD_CONFIG_DIR: emptyFolder };
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  const options = [
    // Plain HTTP requests pass every ingress; gRPC needs one made for it.
    path === '' ? '--grpc-web' : `--grpc-web-root-path ${path}`,
    ...(url.protocol === 'http:' ? ['--plaintext'] : []),
  ];
  return { ARGOCD_SERVER: url.host, ARGOCD_OPTS: options.join(' ') };
}

/** Said in the output when the script asks argocd and no server is pinned. */
export const argoCdNote = ({ script, target }: Pick<ShellPlan, 'script' | 'target'>): string | undefined =>
  argoCd.test(script) && target.argoCdServer === undefined
    ? 'No Argo CD server is pinned for this incident: argocd in this step will find none. Set incident.argoCd.baseUrl, then pin a target.'
    : undefined;
