import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';

/**
 * Runs inside the editor's extension host: waits until start-up is over, then times `activate()` of the extensions
 * named by INCIDENT_PROBE (comma separated, in that order) and writes `{id: milliseconds}` to INCIDENT_PROBE_FILE.
 */
export async function run(): Promise<void> {
  // There is no event for "nothing is starting any more"; times taken during start-up measure the contention.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const times: Record<string, number> = {};
  for (const id of (process.env['INCIDENT_PROBE'] ?? '').split(',')) {
    const extension = vscode.extensions.getExtension(id);
    if (!extension) throw new Error(`${id} is not installed in this editor.`);
    if (extension.isActive) throw new Error(`${id} was active before anything asked for it.`);
    const started = performance.now();
    await extension.activate();
    times[id] = performance.now() - started;
  }
  await writeFile(process.env['INCIDENT_PROBE_FILE'] ?? '', JSON.stringify(times));
}
