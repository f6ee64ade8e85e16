import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifests, readPlanFile } from '../../../../src/executors/kubernetes/change/planFiles.ts';

describe('files that a step names', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'plan-files-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const configMap = (name: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  at: 2026-11-23\n`;
  const names = async (files: readonly string[], recursive = false): Promise<string[] | string> => {
    const read = await readManifests(folder, files, recursive);
    return read.ok ? read.value.objects.map(({ object }) => object.metadata.name) : read.failure.message;
  };

  it('are read in the order of their names, several documents and lists to a file', async () => {
    write('b.yaml', `${configMap('b1')}---\n# nothing here\n---\n${configMap('b2')}`);
    const list = { apiVersion: 'v1', kind: 'List', items: [] as unknown[] };
    list.items.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a1' } });
    write('a.json', JSON.stringify(list));
    write('notes.txt', 'not a manifest');
    mkdirSync(join(folder, 'deep'));
    write('deep/c.yml', configMap('c1'));
    assert.deepEqual(await names(['.']), ['a1', 'b1', 'b2']);
    assert.deepEqual(await names(['.'], true), ['a1', 'b1', 'b2', 'c1']);
    assert.deepEqual(await names(['deep/c.yml', join(folder, 'b.yaml')]), ['c1', 'b1', 'b2']);
  });

  it('keep their words: a date stays text', async () => {
    write('a.yaml', configMap('a'));
    const read = await readManifests(folder, ['a.yaml'], false);
    assert.ok(read.ok);
    assert.deepEqual(read.value.objects[0]?.object['data'], { at: '2026-11-23' });
  });

  it('have another hash as soon as one of them is another', async () => {
    const hash = async (): Promise<string> => {
      const read = await readManifests(folder, ['.'], true);
      assert.ok(read.ok);
      return read.value.sha256;
    };
    write('a.yaml', configMap('a'));
    const first = await hash();
    assert.equal(await hash(), first);
    write('b.yaml', configMap('b'));
    assert.notEqual(await hash(), first);
  });

  it('are refused with what is wrong and where', async () => {
    write('broken.yaml', 'a: [');
    write('nameless.yaml', 'kind: ConfigMap\napiVersion: v1\n');
    mkdirSync(join(folder, 'empty'));
    for (const [file, message] of [
      ['broken.yaml', /error parsing .*broken\.yaml/],
      ['nameless.yaml', /without apiVersion, kind or metadata\.name/],
      ['empty', /holds no \.json, \.yaml or \.yml file/],
      ['missing.yaml', /missing\.yaml" cannot be read: ENOENT/],
    ] as const)
      assert.match(String(await names([file])), message);
    const relative = await readPlanFile(undefined, 'a.yaml');
    assert.ok(
      !relative.ok && /folder that a\.yaml is relative to is not known/.test(relative.failure.message),
    );
  });
});
