import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { PlainFailure, root } from './cache.mjs';

const allowed = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'Unlicense', '0BSD']);

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** Every npm package of which esbuild put something into a product. */
export function bundledPackages(metafiles: readonly Metafile[]): Bundled[] {
  const folders = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const output of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
        const match = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
        if (match && bytesInOutput > 0) folders.add(match[0]);
      }
    }
  }
  return [...folders].map(readPackage).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readPackage(folder: string): Bundled {
  const at = path.join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(path.join(at, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(at).find((one) => /^(licen[cs]e|copying|unlicense)/i.test(one));
  const text =
    file && existsSync(path.join(at, file)) ? readFileSync(path.join(at, file), 'utf8').trim() : '';
  return { name, version, license: license ?? 'unknown', text };
}

/** Whether a licence expression (SPDX) leaves us a choice among the allowed ones. */
export function isAllowed(expression: string): boolean {
  const choices = expression.replace(/[()]/g, '').split(/\s+OR\s+/);
  return choices.some((choice) => choice.split(/\s+AND\s+/).every((one) => allowed.has(one.trim())));
}

/** Writes THIRD_PARTY_NOTICES; a PlainFailure names any bundled package under another licence. */
export async function writeNotices(metafiles: readonly Metafile[]): Promise<void> {
  const packages = bundledPackages(metafiles);
  const refused = packages.filter(({ license }) => !isAllowed(license));
  if (refused.length > 0) {
    const names = refused.map(({ name, license }) => `${name} (${license})`).join(', ');
    throw new PlainFailure(`These bundled packages have a licence we may not ship: ${names}.`);
  }
  const parts = packages.map(
    ({ name, version, license, text }) =>
      `${name} ${version}\n${license}\n\n${text || `Published under ${license}; the package carries no licence text.`}\n`,
  );
  const head = `Incident Response contains code of ${packages.length} packages by others, under their licences:\n`;
  await writeFile(path.join(root, 'THIRD_PARTY_NOTICES'), [head, ...parts].join(`\n${'-'.repeat(78)}\n\n`));
}
