import { spawn } from 'node:child_process';
import * as v from 'valibot';
import { messageOf } from '../../core/errors.ts';
import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import type { ExecPlugin, KubeCluster } from './kubeconfig.ts';

/** What a credential plugin gave. Certificate and key are PEM; the expiry is in milliseconds UTC. */
export interface PluginCredential {
  readonly token: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly expiresAtMs: number | undefined;
}

const credentialSchema = v.object({
  kind: v.literal('ExecCredential'),
  status: v.object({
    token: v.nullish(v.string()),
    clientCertificateData: v.nullish(v.string()),
    clientKeyData: v.nullish(v.string()),
    expirationTimestamp: v.nullish(v.string()),
  }),
});

/** A plugin may wait for a log-in in the browser; longer than this nobody waits during an incident. */
const pluginTimeoutMs = 60_000;
const outputLimit = 1_000_000;

/**
 * Runs a kubeconfig's exec credential plugin with `KUBERNETES_EXEC_INFO` and reads its ExecCredential.
 * Fails `unauthorized` with the plugin's stderr and, when it is not installed, the kubeconfig's install hint;
 * `cancelled` when the signal aborts (the plugin is killed).
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function runExecPlugin(
  plugin: ExecPlugin,
  userName: string,
  cluster: KubeCluster,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<ApiResult<PluginCredential>> {
  const who = `The credential plugin ${plugin.command} of user ${userName}`;
  const refuse = (message: string, cause?: string): ApiResult<never> =>
    apiFailed({ code: 'unauthorized', message, ...(cause === undefined ? {} : { cause }) });
  if (plugin.interactiveMode === 'Always') {
    return Promise.resolve(
      refuse(
        `${who} must have a terminal (interactiveMode: Always). Nothing was sent; sign in from a terminal first.`,
      ),
    );
  }
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  const own = Object.fromEntries(plugin.env.map((pair) => [pair.name, pair.value]));
  return new Promise<ApiResult<PluginCredential>>((resolve) => {
    const child = spawn(plugin.command, [...plugin.args], {
      env: { ...env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
      timeout: pluginTimeoutMs,
      windowsHide: true,
    });
    let stdout = '';
    let stderr = '';
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => (stdout = (stdout + text).slice(0, outputLimit)));
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (stderr = (stderr + text).slice(-outputLimit)));
    child.on('error', (thrown: NodeJS.ErrnoException) => {
      if (signal.aborted) return resolve(apiFailed({ code: 'cancelled', message: 'Stopped.' }));
      const hint = plugin.installHint ? ` ${plugin.installHint.trim()}` : '';
      if (thrown.code === 'ENOENT')
        return resolve(refuse(`${who} is not installed. Nothing was sent.${hint}`));
      return resolve(refuse(`${who} could not be started: ${messageOf(thrown)}. Nothing was sent.${hint}`));
    });
    child.on('close', (exitCode, killed) => {
      if (signal.aborted) return resolve(apiFailed({ code: 'cancelled', message: 'Stopped.' }));
      const said = stderr.trim() ? ` It said: ${stderr.trim()}` : '';
      if (killed !== null) {
        return resolve(
          refuse(`${who} was ended after ${pluginTimeoutMs / 1000} s (${killed}). Nothing was sent.${said}`),
        );
      }
      if (exitCode !== 0) {
        return resolve(refuse(`${who} ended with exit code ${exitCode}. Nothing was sent.${said}`, stderr));
      }
      return resolve(parseCredential(stdout, who, said));
    });
  }).catch((thrown: unknown) =>
    refuse(`${who} could not be started: ${messageOf(thrown)}. Nothing was sent.`),
  );
}

function parseCredential(stdout: string, who: string, said: string): ApiResult<PluginCredential> {
  const refuse = (why: string): ApiResult<never> =>
    apiFailed({ code: 'unauthorized', message: `${who} gave ${why}. Nothing was sent.${said}` });
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch {
    return refuse('something that is not an ExecCredential in JSON');
  }
  const parsed = v.safeParse(credentialSchema, document);
  if (!parsed.success) return refuse('an ExecCredential without a status');
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = parsed.output.status;
  if (!token && !(clientCertificateData && clientKeyData))
    return refuse('neither a token nor a client certificate with its key');
  const expiresAtMs = expirationTimestamp ? Date.parse(expirationTimestamp) : NaN;
  return {
    ok: true,
    value: {
      token: token ?? undefined,
      clientCertificate: clientCertificateData ?? undefined,
      clientKey: clientKeyData ?? undefined,
      expiresAtMs: Number.isNaN(expiresAtMs) ? undefined : expiresAtMs,
    },
  };
}

const clusterInfo = (cluster: KubeCluster): Record<string, unknown> => ({
  server: cluster.server,
  ...(cluster.tlsServerName ? { 'tls-server-name': cluster.tlsServerName } : {}),
  ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
  ...(cluster.certificateAuthorityData
    ? { 'certificate-authority-data': cluster.certificateAuthorityData }
    : {}),
  ...(cluster.proxyUrl ? { 'proxy-url': cluster.proxyUrl } : {}),
});
