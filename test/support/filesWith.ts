import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SampleEditor } from './sampleEditor.ts';

/** Files below the folder in which the word stands, as bytes. */
export const filesWith = (folder: string, word: string): readonly string[] =>
  filesBelow(folder).filter((file) => readFileSync(file).includes(word));

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/**
 * Fails where a secret stands in any file that the editor or the extension has written: settings, journal, output, logs,
 * caches. `known` is no secret and has to be found by the same search; what is secret is told by its name alone.
 */
export function assertNowhere(
  { folder, server }: Pick<SampleEditor, 'folder' | 'server'>,
  secrets: Readonly<Record<string, string>>,
  known: string,
): void {
  const files = [folder, server.userDataDir].flatMap(filesBelow);
  const texts = files.map((file) => [file, readFileSync(file)] as const);
  assert.ok(
    texts.some(([file, text]) => file.endsWith('.jsonl') && text.includes(known)),
    `nothing was found of ${known}`,
  );
  for (const [name, secret] of Object.entries(secrets)) {
    assert.ok(secret.length > 6, `${name} is too short to be looked for`);
    const found = texts.filter(([, text]) => text.includes(secret)).map(([file]) => file);
    assert.deepEqual(found, [], `the token of ${name} was left behind`);
  }
}
