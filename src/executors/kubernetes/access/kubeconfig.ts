import { homedir } from 'node:os';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { load } from 'js-yaml';
import * as v from 'valibot';
import type { Result } from '../../../core/errors.ts';
import { failed, messageOf, ok } from '../../../core/errors.ts';

/** One context of the person's kubeconfig, with the cluster it names looked up. */
export interface KubeContext {
  readonly name: string;
  readonly cluster: string;
  /** The API server's URL; empty when no file defines the cluster. */
  readonly server: string;
  readonly namespace?: string;
  readonly user: string;
  /** The file that defines it. */
  readonly file: string;
}

export interface KubeCluster {
  readonly name: string;
  readonly server: string;
  readonly certificateAuthorityFile: string | undefined;
  /** Base64 of PEM, as in the file. */
  readonly certificateAuthorityData: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName: string | undefined;
  readonly proxyUrl: string | undefined;
  /** What the cluster's `client.authentication.k8s.io/exec` extension holds, for plugins that want it. */
  readonly execConfig: unknown;
}

/** An exec credential plugin: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string | undefined;
}

export interface KubeUser {
  readonly name: string;
  readonly clientCertificateFile: string | undefined;
  readonly clientCertificateData: string | undefined;
  readonly clientKeyFile: string | undefined;
  readonly clientKeyData: string | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly impersonate: string | undefined;
  readonly impersonateGroups: readonly string[];
  readonly impersonateUid: string | undefined;
  /** Values by key: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
  readonly impersonateExtra: Readonly<Record<string, readonly string[]>>;
  readonly exec: ExecPlugin | undefined;
  readonly authProvider:
    { readonly name: string; readonly config: Readonly<Record<string, string>> } | undefined;
}

export interface Kubeconfig {
  readonly contexts: readonly KubeContext[];
  readonly currentContext: string | undefined;
  /** Sentences about what could not be used, each naming its file. */
  readonly problems: readonly string[];
  readonly clusters: ReadonlyMap<string, KubeCluster>;
  readonly users: ReadonlyMap<string, KubeUser>;
}

const text = v.nullish(v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String)));
const flag = v.nullish(v.boolean());
const clusterSchema = v.object({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': flag,
  'tls-server-name': text,
  'proxy-url': text,
  extensions: v.nullish(v.array(v.looseObject({ name: text }))),
});
const execSchema = v.object({
  apiVersion: text,
  command: v.string(),
  args: v.nullish(v.array(v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String)))),
  env: v.nullish(v.array(v.object({ name: v.string(), value: text }))),
  installHint: text,
  provideClusterInfo: flag,
  interactiveMode: text,
});
const userSchema = v.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-groups': v.nullish(v.array(v.string())),
  'as-uid': text,
  'as-user-extra': v.nullish(v.record(v.string(), v.array(v.string()))),
  exec: v.nullish(execSchema),
  'auth-provider': v.nullish(v.object({ name: v.string(), config: v.nullish(v.record(v.string(), text)) })),
});
const contextSchema = v.object({ cluster: text, user: text, namespace: text });
const named = v.looseObject({ name: v.pipe(v.union([v.string(), v.number()]), v.transform(String)) });
/** Valibot takes a list for an object too. */
const isMapping = v.check((value: unknown) => !Array.isArray(value), 'it is a list, not a mapping');
const fileSchema = v.pipe(
  v.unknown(),
  isMapping,
  v.looseObject({
    clusters: v.nullish(v.array(v.unknown())),
    users: v.nullish(v.array(v.unknown())),
    contexts: v.nullish(v.array(v.unknown())),
    'current-context': text,
  }),
);

type ClusterInput = v.InferOutput<typeof clusterSchema>;
type UserInput = v.InferOutput<typeof userSchema>;

/** The cluster extension whose content is handed to exec plugins. */
export const execExtension = 'client.authentication.k8s.io/exec';

/** An empty string in a kubeconfig means "not set", as in kubectl. */
const set = (value: string | null | undefined): string | undefined => value || undefined;

/**
 * Which kubeconfig files to read: the setting, else `KUBECONFIG`, else `~/.kube/config`; the first two may hold a list
 * separated by the platform's delimiter (`:` or `;`), and `~/` means the home folder.
 */
export function kubeconfigPaths(
  env: Readonly<Record<string, string | undefined>>,
  setting?: string,
): readonly string[] {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  const list = (setting?.trim() || env['KUBECONFIG'] || '').split(delimiter).filter((path) => path !== '');
  const expanded = list.map((path) => (/^~[\\/]/.test(path) ? join(home, path.slice(2)) : path));
  return expanded.length > 0 ? [...new Set(expanded)] : [join(home, '.kube', 'config')];
}

/**
 * Reads and merges kubeconfig files by kubectl's rule: the first file to name a thing wins, and the current context is
 * the first one set. A file that cannot be used costs only itself and leaves a sentence in `problems`.
 * Fails (`not-found`, `invalid`, `storage`) only when no file could be used at all.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
export function loadKubeconfig(options: { readonly paths: readonly string[] }): Result<Kubeconfig> {
  const problems: string[] = [];
  const clusters = new Map<string, KubeCluster>();
  const users = new Map<string, KubeUser>();
  const contexts = new Map<string, { cluster: string; user: string; namespace?: string; file: string }>();
  const clusterFiles = new Map<string, string>();
  let currentContext: string | undefined;
  let readable = 0;
  let worst: 'not-found' | 'invalid' | 'storage' = 'not-found';

  for (const file of options.paths) {
    const read = readOne(file);
    if (!read.ok) {
      problems.push(read.failure.message);
      if (read.failure.code !== 'not-found') worst = read.failure.code === 'invalid' ? 'invalid' : 'storage';
      continue;
    }
    readable++;
    const folder = dirname(resolve(file));
    const config = read.value;
    currentContext ??= set(config['current-context']);
    for (const [name, input] of entries(config.clusters, 'cluster', clusterSchema, file, problems)) {
      const cluster = clusterOf(name, input, folder);
      const first = clusters.get(name);
      if (first === undefined) {
        clusters.set(name, cluster);
        clusterFiles.set(name, file);
      } else if (first.server !== cluster.server) {
        problems.push(
          `Cluster ${name} is defined in ${clusterFiles.get(name)} and in ${file} with different servers; ${first.server} is used, as kubectl does.`,
        );
      }
    }
    for (const [name, input] of entries(config.users, 'user', userSchema, file, problems)) {
      if (!users.has(name)) users.set(name, userOf(name, input, folder));
    }
    for (const [name, input] of entries(config.contexts, 'context', contextSchema, file, problems)) {
      const first = contexts.get(name);
      if (first !== undefined) {
        problems.push(
          first.file === file
            ? `Context ${name} is defined twice in ${file}; the first one is used.`
            : `Context ${name} is defined in ${first.file} and in ${file}; the one in ${first.file} is used, as kubectl does.`,
        );
        continue;
      }
      const namespace = set(input.namespace);
      contexts.set(name, {
        cluster: input.cluster ?? '',
        user: input.user ?? '',
        file,
        ...(namespace === undefined ? {} : { namespace }),
      });
    }
  }

  if (readable === 0) {
    return failed(
      worst,
      problems.join(' ') || 'No kubeconfig file is configured. Set KUBECONFIG or the kubeconfig setting.',
    );
  }
  const resolved = [...contexts].map(([name, context]): KubeContext => {
    const server = clusters.get(context.cluster)?.server ?? '';
    if (server === '') {
      problems.push(
        `Context ${name} in ${context.file} names cluster ${context.cluster || '(none)'}, which has no server in any file.`,
      );
    }
    return { name, server, ...context };
  });
  return ok({ contexts: resolved, currentContext, problems, clusters, users });
}

type FileContent = Result<v.InferOutput<typeof fileSchema>>;

/** Each file as it was parsed last: it is read before every run, and taking YAML apart costs more than a request. */
const lastParsed = new Map<string, { readonly content: string; readonly result: FileContent }>();
const parsedKept = 8;

function readOne(file: string): FileContent {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    return missing
      ? failed('not-found', `The kubeconfig ${file} does not exist.`)
      : failed('storage', `The kubeconfig ${file} cannot be read: ${messageOf(thrown)}.`);
  }
  const last = lastParsed.get(file);
  if (last?.content === content) return last.result;
  const result = parseOne(file, content);
  if (lastParsed.size >= parsedKept) lastParsed.clear();
  lastParsed.set(file, { content, result });
  return result;
}

function parseOne(file: string, content: string): FileContent {
  try {
    const document = load(content);
    if (document === undefined || document === null) return ok({});
    const parsed = v.safeParse(fileSchema, document);
    if (parsed.success) return ok(parsed.output);
    return failed('invalid', `The kubeconfig ${file} is not a kubeconfig: ${issueText(parsed.issues)}.`);
  } catch (thrown) {
    // Only the first line: the others quote the file, which may hold a token.
    const reason = messageOf(thrown).split('\n')[0];
    return failed('invalid', `The kubeconfig ${file} is not valid YAML: ${reason}.`);
  }
}

const issueText = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues.map((issue) => `${v.getDotPath(issue) ?? 'the document'}: ${issue.message}`).join('; ');

/** The usable `{name, <key>: …}` entries of one list; what is not usable becomes a problem, first of a name wins. */
function* entries<S extends v.GenericSchema>(
  list: readonly unknown[] | null | undefined,
  key: 'cluster' | 'user' | 'context',
  schema: S,
  file: string,
  problems: string[],
): Generator<[string, v.InferOutput<S>]> {
  for (const item of list ?? []) {
    const entry = v.safeParse(named, item);
    if (!entry.success) {
      problems.push(`A ${key} without a name in ${file} was left out.`);
      continue;
    }
    const body = v.safeParse(schema, entry.output[key] ?? {});
    if (body.success) yield [entry.output.name, body.output];
    else problems.push(`The ${key} ${entry.output.name} in ${file} was left out: ${issueText(body.issues)}.`);
  }
}

function clusterOf(name: string, input: ClusterInput, folder: string): KubeCluster {
  return {
    name,
    server: (input.server ?? '').replace(/\/+$/, ''),
    certificateAuthorityFile: absolute(input['certificate-authority'], folder),
    certificateAuthorityData: set(input['certificate-authority-data']),
    insecureSkipTlsVerify: input['insecure-skip-tls-verify'] ?? false,
    tlsServerName: set(input['tls-server-name']),
    proxyUrl: set(input['proxy-url']),
    execConfig: input.extensions?.find(({ name: extension }) => extension === execExtension)?.['extension'],
  };
}

function userOf(name: string, input: UserInput, folder: string): KubeUser {
  const plugin = input.exec;
  const provider = input['auth-provider'];
  return {
    name,
    clientCertificateFile: absolute(input['client-certificate'], folder),
    clientCertificateData: set(input['client-certificate-data']),
    clientKeyFile: absolute(input['client-key'], folder),
    clientKeyData: set(input['client-key-data']),
    token: set(input.token),
    tokenFile: absolute(input.tokenFile, folder),
    username: set(input.username),
    password: set(input.password),
    impersonate: set(input.as),
    impersonateGroups: input['as-groups'] ?? [],
    impersonateUid: set(input['as-uid']),
    impersonateExtra: input['as-user-extra'] ?? {},
    exec: plugin
      ? {
          apiVersion: plugin.apiVersion ?? 'client.authentication.k8s.io/v1',
          // As kubectl: a command with a separator in it is relative to the file, a bare one is looked up in PATH.
          command: /[\\/]/.test(plugin.command) ? resolve(folder, plugin.command) : plugin.command,
          args: plugin.args ?? [],
          env: (plugin.env ?? []).map((pair) => ({ name: pair.name, value: pair.value ?? '' })),
          installHint: set(plugin.installHint),
          provideClusterInfo: plugin.provideClusterInfo ?? false,
          interactiveMode: set(plugin.interactiveMode),
        }
      : undefined,
    authProvider: provider
      ? {
          name: provider.name,
          config: Object.fromEntries(
            Object.entries(provider.config ?? {}).map(([key, value]) => [key, value ?? '']),
          ),
        }
      : undefined,
  };
}

const absolute = (path: string | null | undefined, folder: string): string | undefined =>
  path ? resolve(folder, path) : undefined;
