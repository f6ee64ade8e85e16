import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { documentsBeside } from '../../../../src/journal/audit/documentsBeside.ts';
import { exportBundle } from '../../../../src/journal/audit/exportBundle.ts';
import { verifyBundle } from '../../../../src/journal/audit/verifyBundle.ts';
import { createJournalFolder, declared, newId, note, value, type JournalFolder } from '../journalFolder.ts';

const never = new AbortController().signal;
const incident = '01JD0000000000000000000000';

describe('an audit bundle', () => {
  let journals: JournalFolder;
  let into: string;
  let exported: Awaited<ReturnType<typeof build>>;

  async function build(name = 'bundle') {
    return exportBundle(
      {
        folder: join(journals.folder, incident),
        incident: { id: incident, number: '2026-11-23-0001', title: 'Payments failing' },
        documents: await documentsBeside(join(documents(), 'post-mortem.md')),
        into: join(journals.folder, name),
        exportedAt: '2026-11-28T10:00:00.000Z',
        exportedBy: 'Ana',
      },
      never,
    );
  }
  const documents = (): string => join(journals.folder, 'postmortems');
  const files = (): string[] =>
    readdirSync(into, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  const codes = async (): Promise<readonly string[]> =>
    (await verifyBundle(into)).problems.map(({ code }) => code);

  before(async () => {
    journals = createJournalFolder();
    into = join(journals.folder, 'bundle');
    for (const by of ['Ana', 'Bo']) {
      const journal = journals.journal(by);
      value(await journal.append(incident, by === 'Ana' ? [declared(), note('a')] : [note('b')]));
      const run = newId();
      const output = value(await journal.openOutput(incident, run));
      await output.write(`pod-1   Running   ${by}\n`);
      const ref = await output.end();
      value(
        await journal.append(incident, [
          {
            type: 'RunStarted',
            data: {
              run,
              step: 's',
              sequence: 'q',
              text: 'Get pods',
              kind: 'kubernetes',
              command: 'kubectl get pods',
              original: 'kubectl get pods',
              target: {},
              risk: 'read',
              confirmed: false,
            },
          },
          { type: 'RunEnded', data: { run, outcome: { kind: 'succeeded' }, durationMs: 1, output: ref } },
        ]),
      );
    }
    mkdirSync(join(documents(), 'post-mortem-plots'), { recursive: true });
    for (const [name, text] of [
      ['post-mortem.md', '# Post-Mortem\n\n![Errors](post-mortem-plots/errors.svg)\n'],
      ['post-mortem.ics', 'BEGIN:VCALENDAR'],
      ['post-mortem-plots/errors.svg', '<svg/>'],
      ['post-mortem-2.md', '# Of another incident\n'],
    ] as const)
      writeFileSync(join(documents(), name), text);
    writeFileSync(join(journals.folder, incident, '.lock'), 'another program’s');
    exported = await build();
  });
  after(() => journals.dispose());

  it('holds journal, outputs and documents, and verifies', async () => {
    assert.ok(exported.ok);
    const names = files().map((file) => file.slice(into.length + 1));
    assert.equal(names.length, exported.value.files + 2);
    assert.equal(names.filter((name) => /^journal\/\w+\.jsonl$/.test(name)).length, 2);
    assert.equal(names.filter((name) => /^journal\/output\/\w+\.log$/.test(name)).length, 2);
    // The links of the document hold in the bundle too.
    assert.deepEqual(
      names.filter((name) => name.startsWith('documents/')),
      ['documents/post-mortem-plots/errors.svg', 'documents/post-mortem.ics', 'documents/post-mortem.md'],
    );
    const verified = await verifyBundle(into);
    assert.deepEqual(verified.problems, []);
    assert.deepEqual([verified.journal?.events, verified.journal?.outputs], [7, 2]);
    assert.equal(verified.manifestSha256, exported.value.manifestSha256);
    assert.equal(Object.keys(verified.manifest?.heads ?? {}).length, 2);
  });

  it('has no document where the post-mortem was moved away', async () => {
    assert.deepEqual(await documentsBeside(join(journals.folder, 'moved', 'post-mortem.md')), []);
    assert.deepEqual(await documentsBeside(join(documents(), 'post-mort.md')), []);
  });

  it('is checked by sha256sum too', function () {
    try {
      execFileSync('sha256sum', ['--version'], { stdio: 'ignore' });
    } catch {
      console.log('      left out: this machine has no sha256sum');
      this.skip();
    }
    assert.match(execFileSync('sha256sum', ['-c', 'manifest.sha256'], { cwd: into, encoding: 'utf8' }), /OK/);
  });

  it('does not verify with any byte of any file changed, cut off or added', async () => {
    const all = files();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('change', 'cut', 'insert'),
        async (file, place, mask, how) => {
          const whole = readFileSync(file);
          const at = place % whole.length;
          const changed = Buffer.from(whole);
          changed[at] = (whole[at] ?? 0) ^ mask;
          const spoiled = {
            change: changed,
            cut: whole.subarray(0, at),
            insert: Buffer.concat([whole.subarray(0, at), Buffer.from([mask]), whole.subarray(at)]),
          }[how];
          writeFileSync(file, spoiled);
          try {
            assert.notDeepEqual(await codes(), [], `${how} ${file} at ${at}`);
          } finally {
            writeFileSync(file, whole);
          }
        },
      ),
      { numRuns: 300 },
    );
    assert.deepEqual(await codes(), []);
  });

  it('tells a file that is gone, added, renamed or exchanged', async () => {
    const [first = '', second = ''] = files().filter((file) => file.endsWith('.jsonl'));
    const kept = readFileSync(first);
    rmSync(first);
    assert.ok((await codes()).includes('missing-file'));
    writeFileSync(first, kept);
    writeFileSync(join(into, 'journal', 'extra.log'), '');
    assert.deepEqual(await codes(), ['added-file']);
    rmSync(join(into, 'journal', 'extra.log'));
    renameSync(first, `${first}.bak`);
    assert.ok((await codes()).includes('added-file'));
    renameSync(`${first}.bak`, first);
    writeFileSync(first, readFileSync(second));
    assert.ok((await codes()).includes('changed-file'));
    writeFileSync(first, kept);
    assert.deepEqual(await codes(), []);
  });

  it('names the first broken line of a chain', async () => {
    const file =
      files().find((one) => one.endsWith('.jsonl') && readFileSync(one, 'utf8').includes('"a"')) ?? '';
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace('"text":"a"', '"text":"z"'));
    const { problems } = await verifyBundle(into);
    const broken = problems.find(({ code }) => code === 'broken-chain');
    assert.equal(broken?.line, 3);
    assert.match(broken?.file ?? '', /^journal\/\w+\.jsonl$/);
    writeFileSync(file, whole);
  });

  it('cannot tell a manifest that was written anew with its sum: the heads kept elsewhere do', async () => {
    const path = join(into, 'manifest.json');
    const whole = readFileSync(path, 'utf8');
    const sum = readFileSync(join(into, 'manifest.sha256'), 'utf8');
    writeFileSync(path, whole.replace('"exportedBy": "Ana"', '"exportedBy": "Bo"'));
    assert.deepEqual(await codes(), ['changed-manifest']);
    const { manifestSha256 } = await verifyBundle(into);
    writeFileSync(join(into, 'manifest.sha256'), sum.replace(/^\w+/, manifestSha256));
    assert.deepEqual(await codes(), []);
    assert.ok(exported.ok && exported.value.manifestSha256 !== manifestSha256);
    writeFileSync(path, whole);
    writeFileSync(join(into, 'manifest.sha256'), sum);
  });

  it('is never led out of its folder by its manifest', async () => {
    const copied = join(journals.folder, 'foreign');
    cpSync(into, copied, { recursive: true });
    const path = join(copied, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('documents/post-mortem.md', '../post-mortem.md'));
    const { problems, manifest } = await verifyBundle(copied);
    assert.equal(manifest, undefined);
    assert.match(problems.map(({ message }) => message).join(' '), /leads out of the bundle/);
  });

  it('writes over nothing, and leaves nothing when it is stopped or the disk refuses', async () => {
    const again = await build();
    assert.ok(!again.ok && again.failure.code === 'conflict');
    const stopped = await exportBundle(
      {
        folder: join(journals.folder, incident),
        incident: { id: incident, number: '1', title: '' },
        documents: [],
        into: join(journals.folder, 'stopped'),
        exportedAt: '2026-11-28T10:00:00.000Z',
        exportedBy: 'Ana',
      },
      AbortSignal.abort(),
    );
    assert.ok(!stopped.ok && stopped.failure.code === 'cancelled');
    const missing = await exportBundle(
      {
        folder: join(journals.folder, incident),
        incident: { id: incident, number: '1', title: '' },
        documents: [{ from: join(journals.folder, 'not-there.md'), path: 'not-there.md' }],
        into: join(journals.folder, 'missing'),
        exportedAt: '2026-11-28T10:00:00.000Z',
        exportedBy: 'Ana',
      },
      never,
    );
    assert.ok(!missing.ok && missing.failure.code === 'storage');
    const left = readdirSync(journals.folder).filter((name) => /stopped|missing|partial/.test(name));
    assert.deepEqual(left, []);
  });

  it('takes a line that a crash tore for known', async () => {
    const file = readdirSync(join(journals.folder, incident)).find((name) => name.endsWith('.jsonl')) ?? '';
    const path = join(journals.folder, incident, file);
    const { size } = statSync(path);
    appendFileSync(path, '{"id":"01');
    try {
      const torn = await build('torn');
      assert.ok(torn.ok);
      assert.deepEqual(torn.value.problems, []);
      const verified = await verifyBundle(join(journals.folder, 'torn'));
      assert.deepEqual(verified.problems, []);
      assert.equal(verified.manifest?.known.length, 1);
    } finally {
      writeFileSync(path, readFileSync(path).subarray(0, size));
    }
  });

  it('tells what was changed before the export, to who exports and to who verifies', async () => {
    const folder = join(journals.folder, incident);
    const file =
      readdirSync(folder).find(
        (name) => name.endsWith('.jsonl') && readFileSync(join(folder, name), 'utf8').includes('"a"'),
      ) ?? '';
    const path = join(folder, file);
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.replace('"text":"a"', '"text":"z"'));
    try {
      const spoiled = await build('spoiled');
      assert.ok(spoiled.ok);
      assert.deepEqual(
        spoiled.value.problems.map(({ code, line }) => [code, line]),
        [['broken-chain', 3]],
      );
      const verified = await verifyBundle(join(journals.folder, 'spoiled'));
      assert.deepEqual(
        verified.problems.map(({ file: at, code, line }) => [at, code, line]),
        [[`journal/${file}`, 'broken-chain', 3]],
      );
      assert.match(
        verified.problems[0]?.message ?? '',
        /does not follow .* It was so at the export already\.$/,
      );
    } finally {
      writeFileSync(path, whole);
    }
  });
});
