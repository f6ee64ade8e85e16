import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists, root } from './cache.mjs';

/**
 * Fills `folder` (made if need be) with the sample's files and the default guide as `incident-guide.md`; with a
 * kubeconfig, the workspace's settings point the extension at it.
 */
export async function makeSampleWorkspace(folder: string, kubeconfig?: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const sample = path.join(root, 'media/sample');
  if (await exists(sample)) await cp(sample, folder, { recursive: true });
  const guide = path.join(folder, 'incident-guide.md');
  if (!(await exists(guide))) await cp(path.join(root, 'media/default-guide.md'), guide);
  if (kubeconfig === undefined) return;
  const settings = path.join(folder, '.vscode', 'settings.json');
  const own = (await exists(settings)) ? (JSON.parse(await readFile(settings, 'utf8')) as object) : {};
  await mkdir(path.dirname(settings), { recursive: true });
  await writeFile(
    settings,
    `${JSON.stringify({ ...own, 'incident.kubeconfig': kubeconfig }, undefined, 2)}\n`,
  );
}
