import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { messageOf } from '../../../core/errors.ts';
import { quoteWord } from '../../../core/plan/words/quoteWord.ts';
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

/** client.authentication.k8s.io/v1alpha1 left Kubernetes with 1.24. */
const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
/** A plugin may wait for a log-in in the browser; longer than this nobody waits during an incident. */
const pluginTimeoutMs = 60_000;
const outputLimit = 1_000_000;

/**
 * Runs a kubeconfig's exec credential plugin with `KUBERNETES_EXEC_INFO` and reads its ExecCredential.
 * What it prints on standard error goes to `tell` at once: it may be a link to sign in at.
 * Fails `unauthorized` with the plugin's stderr and, when it is not installed, the kubeconfig's install hint, and with
 * the log-in command as `remedy` where the plugin names one; `cancelled` when the signal aborts (the plugin is killed).
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function runExecPlugin(
  plugin: ExecPlugin,
  userName: string,
  cluster: KubeCluster,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  tell: (text: string) => void = () => undefined,
): Promise<ApiResult<PluginCredential>> {
  const who = `The credential plugin ${plugin.command} of user ${userName}`;
  const refuse = (message: string, cause?: string): ApiResult<never> =>
    apiFailed({
      code: 'unauthorized',
      message,
      ...(cause === undefined ? {} : { cause, ...remedyIn(cause, plugin, env) }),
    });
  if (plugin.interactiveMode === 'Always') {
    return refuse(
      `${who} must have a terminal (interactiveMode: Always). Nothing was sent; sign in from a terminal first.`,
    );
  }
  if (!versions.includes(plugin.apiVersion)) {
    return refuse(
      `${who} is configured for ${plugin.apiVersion}, which Kubernetes has removed. Nothing was sent; renew the kubeconfig with the tool that made it (it must say ${versions[0]}).`,
    );
  }
  let about: Record<string, unknown> | undefined;
  try {
    about = plugin.provideClusterInfo ? await clusterInfo(cluster) : undefined;
  } catch (thrown) {
    return refuse(
      `The certificate authority of cluster ${cluster.name} cannot be read: ${messageOf(thrown)}. Nothing was sent; correct the kubeconfig.`,
    );
  }
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(about === undefined ? {} : { cluster: about }) },
  };
  const own = Object.fromEntries(plugin.env.map((pair) => [pair.name, pair.value]));
  const timeUp = AbortSignal.timeout(pluginTimeoutMs);
  return new Promise<ApiResult<PluginCredential>>((resolve) => {
    const child = spawn(plugin.command, [...plugin.args], {
      env: { ...env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, timeUp]),
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    let stdout = '';
    let stderr = '';
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => (stdout = (stdout + text).slice(0, outputLimit)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-outputLimit);
      tell(text);
    });
    const said = (): string => (stderr.trim() ? ` It said: ${stderr.trim()}` : '');
    child.on('error', (thrown: NodeJS.ErrnoException) => {
      if (signal.aborted) return resolve(apiFailed({ code: 'cancelled', message: 'Stopped.' }));
      // Not 'close', which may never come: a plugin's own children can keep its output open.
      if (timeUp.aborted) {
        const seconds = pluginTimeoutMs / 1000;
        return resolve(refuse(`${who} was ended after ${seconds} s. Nothing was sent.${said()}`, stderr));
      }
      const hint = plugin.installHint ? ` ${plugin.installHint.trim()}` : '';
      if (thrown.code === 'ENOENT')
        return resolve(refuse(`${who} is not installed. Nothing was sent.${hint}`));
      return resolve(refuse(`${who} could not be started: ${messageOf(thrown)}. Nothing was sent.${hint}`));
    });
    child.on('close', (exitCode, killed) => {
      if (signal.aborted) return resolve(apiFailed({ code: 'cancelled', message: 'Stopped.' }));
      if (exitCode !== 0) {
        const how = killed === null ? `ended with exit code ${exitCode}` : `was ended by ${killed}`;
        return resolve(refuse(`${who} ${how}. Nothing was sent.${said()}`, stderr));
      }
      return resolve(parseCredential(stdout, who, said()));
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

/** As kubectl: an authority in a file is handed over as data. Throws when that file cannot be read. */
async function clusterInfo(cluster: KubeCluster): Promise<Record<string, unknown>> {
  const file = cluster.certificateAuthorityFile;
  const authority = cluster.certificateAuthorityData ?? (file && (await readFile(file)).toString('base64'));
  return {
    server: cluster.server,
    ...(cluster.tlsServerName ? { 'tls-server-name': cluster.tlsServerName } : {}),
    ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(authority ? { 'certificate-authority-data': authority } : {}),
    ...(cluster.proxyUrl ? { 'proxy-url': cluster.proxyUrl } : {}),
    ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
  };
}

/** The log-in command that a plugin's own words ask for. */
function remedyIn(
  said: string,
  plugin: ExecPlugin,
  env: Readonly<Record<string, string | undefined>>,
): { readonly remedy: string } | undefined {
  if (/aws sso login|sso session.*(expired|invalid)/is.test(said)) {
    const flag = plugin.args.indexOf('--profile');
    const own = plugin.env.find(({ name }) => name === 'AWS_PROFILE')?.value;
    const profile = (flag >= 0 ? plugin.args[flag + 1] : own) ?? env['AWS_PROFILE'];
    return { remedy: `aws sso login${profile ? ` --profile ${quoteWord(profile)}` : ''}` };
  }
  const [command] = /\b(gcloud auth login|az login|tsh login|oc login|doctl auth init)\b/.exec(said) ?? [];
  return command === undefined ? undefined : { remedy: command };
}
