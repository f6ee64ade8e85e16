import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlainFailure, runQuietly } from '../../../scripts/cache.mjs';
import { onPath } from '../../../scripts/programs.ts';

const hour = 3600_000;

/** One commit of an application's repository, and when it went live. */
export interface LabRelease {
  readonly revision: string;
  readonly version: string;
  readonly author: string;
  readonly message: string;
  /** ms UTC */
  readonly committedAt: number;
}

export interface LabRepository {
  /** Its working tree: commit there and Argo CD sees it at its next look. */
  readonly folder: string;
  /** Oldest first; the last is the branch's head. */
  readonly releases: readonly LabRelease[];
}

const story = [
  { version: '1.4.0', author: 'Ada Lovelace', ageMs: 72 * hour, message: 'Release 1.4.0: saved baskets' },
  { version: '1.5.0', author: 'Grace Hopper', ageMs: 26 * hour, message: 'Release 1.5.0: faster search' },
  {
    version: '1.6.0',
    author: 'Linus Pauling',
    ageMs: 0.7 * hour,
    message: 'Release 1.6.0: new payment provider\n\nThe old one is switched off next week.',
  },
];

export const missingGit = () =>
  onPath('git') ? undefined : 'git is not on PATH: Argo CD reads its applications from a repository.';

/** Makes a repository with three releases of one application, as its team would have left it. */
export async function createRepository(folder: string, app: string, nowMs: number): Promise<LabRepository> {
  await mkdir(folder, { recursive: true });
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  const releases: LabRelease[] = [];
  for (const { version, author, ageMs, message } of story) {
    const committedAt = Math.floor((nowMs - ageMs) / 1000) * 1000;
    await writeFile(path.join(folder, 'deployment.yaml'), renderManifest(deployment(app, version)));
    await writeFile(path.join(folder, 'service.yaml'), renderManifest(service(app)));
    const revision = await commit(folder, { author, message, committedAt });
    releases.push({ revision, version, author, message, committedAt });
  }
  return { folder, releases };
}

/** Makes a repository with one commit of the files given, as objects. */
export async function createPlainRepository(
  folder: string,
  files: Readonly<Record<string, object>>,
  nowMs: number,
): Promise<LabRepository> {
  await mkdir(folder, { recursive: true });
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  for (const [file, content] of Object.entries(files)) {
    await writeFile(path.join(folder, file), renderManifest(content));
  }
  const fact = {
    author: 'Ada Lovelace',
    message: 'The applications of the platform',
    committedAt: Math.floor((nowMs - 240 * hour) / 1000) * 1000,
  };
  const revision = await commit(folder, fact);
  return { folder, releases: [{ revision, version: '1', ...fact }] };
}

async function commit(
  folder: string,
  { author, message, committedAt }: Pick<LabRelease, 'author' | 'message' | 'committedAt'>,
): Promise<string> {
  const email = `${author.toLowerCase().replace(' ', '.')}@techcorp.example`;
  const date = `${committedAt / 1000} +0000`;
  await git(folder, ['add', '--all']);
  await git(folder, ['commit', '--quiet', '--message', message], {
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  });
  return (await git(folder, ['rev-parse', 'HEAD'])).trim();
}

/** Runs git as nobody in particular: the person's own settings (signing, hooks) stay out of it. */
function git(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const program = onPath('git');
  if (!program) throw new PlainFailure(missingGit());
  return runQuietly(program, args, {
    cwd: folder,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', ...env },
  });
}

/** JSON is YAML, and one field per line makes a diff that people can read. */
const renderManifest = (object: object) => `${JSON.stringify(object, null, 2)}\n`;

const deployment = (app: string, version: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: app, labels: { app } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app } },
    template: {
      metadata: { labels: { app } },
      spec: {
        containers: [
          { name: app, image: `registry.example.com/${app}:${version}`, ports: [{ containerPort: 8080 }] },
        ],
      },
    },
  },
});

const service = (app: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: app, labels: { app } },
  spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
});
