import path from 'node:path';
import { readFile, stat } from 'node:fs/promises';
import { fail, PlainFailure, root, runQuietly } from './cache.mjs';

/**
 * Makes the VSIX. vsce calls `vscode:prepublish` itself, which builds what ships and writes THIRD_PARTY_NOTICES.
 * Anything vsce warns about is a failure here.
 */
async function main(): Promise<void> {
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const file = path.join(root, `${name}-${version}.vsix`);
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const output = await runQuietly(process.execPath, [vsce, 'package', '--no-dependencies', '--out', file], {
    cwd: root,
  });
  const warnings = output.split('\n').filter((line) => /warn/i.test(line));
  if (warnings.length > 0) throw new PlainFailure(`vsce warned:\n${output}`);
  console.log(output.trim());
  console.log(`${file} ${Math.round((await stat(file)).size / 1024)} KB`);
}

await main().catch(fail);
