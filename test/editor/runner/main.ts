import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root } from '../../../scripts/cache.mjs';

/**
 * Runs the in-host tests in VS Code: the desktop one, downloaded, with `INCIDENT_DESKTOP=1`, else the server editor.
 * The folder opened is a fresh one with a guide in it.
 */
async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'incident-workspace-'));
  try {
    await writeFile(path.join(folder, 'README.md'), '# A workspace for tests\n');
    const desktop = process.env['INCIDENT_DESKTOP'] === '1';
    await runTests({
      extensionDevelopmentPath: process.env['INCIDENT_EXTENSION'] ?? root,
      extensionTestsPath: path.join(root, 'out/test/index.cjs'),
      launchArgs: [folder],
      ...(desktop ? {} : { vscodeExecutablePath: path.join(import.meta.dirname, 'launcher.ts') }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
