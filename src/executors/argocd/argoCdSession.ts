import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import * as v from 'valibot';

/** argocd's own configuration, as `argocd login` writes it (util/localconfig of Argo CD). */
const configSchema = v.looseObject({
  contexts: v.nullish(v.array(v.looseObject({ server: v.string(), user: v.string() })), []),
  users: v.nullish(v.array(v.looseObject({ name: v.string(), 'auth-token': v.nullish(v.string(), '') })), []),
});

/**
 * The token that `argocd login` keeps for a server, so that signing in there is enough; undefined when there is none or
 * the file cannot be read. The file is the one argocd itself uses: ARGOCD_CONFIG_DIR, XDG_CONFIG_HOME, ~/.config, ~/.argocd.
 */
export async function readArgoCdSession(
  baseUrl: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  if (!URL.canParse(baseUrl)) return undefined;
  const { host, hostname, protocol, pathname } = new URL(baseUrl);
  const port = protocol === 'http:' ? 80 : 443;
  const root = pathname.replace(/^\/+|\/+$/g, '');
  const names = [host, `${hostname}:${port}`].flatMap((name) =>
    root === '' ? [name] : [`${name}/${root}`, name],
  );
  const home = env['HOME'] ?? homedir();
  const folders = env['ARGOCD_CONFIG_DIR']
    ? [env['ARGOCD_CONFIG_DIR']]
    : [join(home, '.argocd'), join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'argocd')];
  for (const folder of folders) {
    const config = await readConfig(join(folder, 'config'));
    const context = config?.contexts.find(({ server }) => names.includes(server));
    const token = config?.users.find(({ name }) => name === context?.user)?.['auth-token'];
    if (token) return token;
  }
  return undefined;
}

async function readConfig(file: string): Promise<v.InferOutput<typeof configSchema> | undefined> {
  try {
    const parsed = v.safeParse(configSchema, load(await readFile(file, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined; // not signed in, or nothing that can be read: the same to who asks
  }
}
