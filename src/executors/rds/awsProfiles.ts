import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A profile of the shared config, as far as it can be told without asking anybody. */
export interface AwsProfile {
  readonly name: string;
  readonly region: string | undefined;
  /** The session its credentials come from, its own or its source profile's. */
  readonly sso: AwsSso | undefined;
}

export interface AwsSso {
  /** The profile that `aws sso login` is run with. */
  readonly profile: string;
  /** The cached token's file. */
  readonly tokenFile: string;
}

type Section = Readonly<Record<string, string>>;

const home = (env: Environment): string => env['HOME'] ?? env['USERPROFILE'] ?? homedir();

/** Where the AWS CLI and SDKs look: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
export const sharedFiles = (env: Environment): { readonly config: string; readonly credentials: string } => ({
  config: env['AWS_CONFIG_FILE'] ?? join(home(env), '.aws', 'config'),
  credentials: env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home(env), '.aws', 'credentials'),
});

/**
 * Reads the profiles of the shared config and credentials files (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html),
 * in the order written. A file that is absent or unreadable has none.
 */
export async function fetchAwsProfiles(env: Environment): Promise<readonly AwsProfile[]> {
  const files = sharedFiles(env);
  const [config, credentials] = await Promise.all(
    [files.config, files.credentials].map(async (file) =>
      parseIni(await readFile(file, 'utf8').catch(() => '')),
    ),
  );
  const profiles = new Map<string, Section>();
  const sessions = new Map<string, Section>();
  for (const [title, section] of config ?? []) {
    const [, kind, name] = /^(?:(profile|sso-session)\s+)?["']?(.*?)["']?$/.exec(title) ?? [];
    if (name === undefined || name === '') continue;
    if (kind === 'sso-session') sessions.set(name, section);
    else if (kind === 'profile' || name === 'default') profiles.set(name, section);
  }
  for (const [name, section] of credentials ?? []) profiles.set(name, { ...profiles.get(name), ...section });
  return [...profiles].map(([name, section]) => ({
    name,
    region: section['region'],
    sso: ssoOf(name, profiles, sessions, env),
  }));
}

/** A profile that assumes a role gets its credentials from another one. */
function ssoOf(
  name: string,
  profiles: ReadonlyMap<string, Section>,
  sessions: ReadonlyMap<string, Section>,
  env: Environment,
): AwsSso | undefined {
  const visited = new Set<string>();
  let at = name;
  for (;;) {
    const section = profiles.get(at);
    if (section === undefined || visited.has(at)) return undefined;
    visited.add(at);
    const session = section['sso_session'];
    const start = section['sso_start_url'] ?? sessions.get(session ?? '')?.['sso_start_url'];
    if (start !== undefined) {
      // https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html : the file is named by this hash.
      const hash = createHash('sha1')
        .update(session ?? start)
        .digest('hex');
      return { profile: at, tokenFile: join(home(env), '.aws', 'sso', 'cache', `${hash}.json`) };
    }
    if (section['source_profile'] === undefined) return undefined;
    at = section['source_profile'];
  }
}

function parseIni(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const title = /^\[\s*(.+?)\s*\]/.exec(line)?.[1];
    const [, key, value] = /^([\w.-]+)\s*=\s*(.*?)(?:\s+[#;].*)?$/.exec(line) ?? [];
    if (title !== undefined) sections.set(title, (current = sections.get(title) ?? {}));
    else if (current && key !== undefined) current[key.toLowerCase()] = (value ?? '').trim();
  }
  return sections;
}

const tokenSchema = v.object({
  expiresAt: v.string(),
  refreshToken: v.optional(v.string()),
  registrationExpiresAt: v.optional(v.string()),
});

/** Whether a login is needed, by the cached token alone; a token that can be renewed counts as good. */
export async function fetchSsoState(sso: AwsSso, nowMs: number): Promise<'good' | 'expired' | 'absent'> {
  const text = await readFile(sso.tokenFile, 'utf8').catch(() => undefined);
  if (text === undefined) return 'absent';
  let token: v.InferOutput<typeof tokenSchema>;
  try {
    token = v.parse(tokenSchema, JSON.parse(text));
  } catch {
    return 'absent';
  }
  const isPast = (time: string): boolean => !(Date.parse(time.replace(/UTC$/, 'Z')) > nowMs);
  if (!isPast(token.expiresAt)) return 'good';
  const renewable =
    token.refreshToken !== undefined &&
    token.registrationExpiresAt !== undefined &&
    !isPast(token.registrationExpiresAt);
  return renewable ? 'good' : 'expired';
}
