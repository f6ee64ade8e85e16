import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists, root } from './cache.mjs';

/** What the default guide links to, beside it. */
const linkedGuides = ['rollback-guide.md', 'scaling-guide.md', 'deploy-guide.md'];
const sameName = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]));

/**
 * Fills `folder` (made if need be) with the sample's files and the default guide as `incident-guide.md`; with a
 * kubeconfig, the workspace's settings point the extension at it; `more` are further settings.
 */
export async function makeSampleWorkspace(
  folder: string,
  kubeconfig?: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const sample = path.join(root, 'media/sample');
  if (await exists(sample)) await cp(sample, folder, { recursive: true });
  const guides = { 'default-guide.md': 'incident-guide.md', ...sameName(linkedGuides) };
  for (const [from, to] of Object.entries(guides)) {
    const file = path.join(folder, to);
    if (!(await exists(file))) await cp(path.join(root, 'media', from), file);
  }
  if (kubeconfig === undefined) return;
  const settings = path.join(folder, '.vscode', 'settings.json');
  const own = (await exists(settings)) ? (JSON.parse(await readFile(settings, 'utf8')) as object) : {};
  await mkdir(path.dirname(settings), { recursive: true });
  await writeFile(
    settings,
    `${JSON.stringify({ ...own, 'incident.kubeconfig': kubeconfig, ...more }, undefined, 2)}\n`,
  );
}
