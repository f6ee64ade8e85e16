import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportBundle } from '../../../src/journal/audit/exportBundle.ts';
import { evidencePath, keepEvidence } from '../../../src/journal/evidenceFile.ts';
import {
  createJournalFolder,
  declared,
  newId,
  note,
  value,
  type JournalFolder,
} from '../journal/journalFolder.ts';
import { runIn } from './cliFolder.ts';

describe('incident-guide verify', () => {
  let at: JournalFolder;
  beforeEach(() => {
    at = createJournalFolder();
  });
  afterEach(() => at.dispose());
  const verify = (...args: string[]) => runIn(at.folder)('verify', ...args);

  /** An incident with an output and a picture as evidence, resolved or not. */
  async function incident(isResolved = true) {
    const journal = at.journal();
    const id = newId();
    value(await journal.append(id, [declared(), note('one')]));
    const output = value(await journal.openOutput(id, 'run1'));
    await output.write('a line\n');
    const ref = await output.end();
    const source = path.join(at.folder, 'screen.png');
    writeFileSync(source, 'the picture');
    const folder = path.join(at.folder, id);
    const file = value(await keepEvidence({ folder, source, id: newId(), maxBytes: 1_000 }));
    const outcome = { kind: 'succeeded' } as const;
    value(
      await journal.append(id, [
        { type: 'RunEnded', data: { run: 'run1', outcome, durationMs: 5, output: ref } },
        { type: 'EvidenceAdded', data: { kind: 'picture', text: 'screen.png', file } },
      ]),
    );
    const { heads } = value(await journal.read(id));
    if (isResolved) value(await journal.append(id, [{ type: 'IncidentResolved', data: { heads } }]));
    return { id, folder, picture: evidencePath(folder, file), output: journal.outputPath(id, ref) };
  }

  it('says of each incident of a journal what was looked at, and that it is as written', async () => {
    const { id } = await incident();
    const { code, out, err } = await verify('.');
    assert.deepEqual(
      [code, err, out],
      [
        0,
        '',
        `as-written ${id}: 5 events, 1 output, 1 file of evidence, 1 recorded head\n` +
          '1 incident: 1 as written, 0 changed.\n',
      ],
    );
  });

  it('tells evidence that was changed or is gone, and outputs too, by the incident’s own folder', async () => {
    const { id, picture, output } = await incident();
    chmodSync(picture, 0o644);
    writeFileSync(picture, 'THE picture');
    const changed = await verify(id);
    assert.equal(changed.code, 1);
    assert.match(
      changed.out,
      /^changed .*\n {2}evidence\/\S+-screen\.png is not what was attached: it has 11 /,
    );
    rmSync(picture);
    appendFileSync(output, 'more');
    const { code, out } = await verify(id, '--json');
    const [report] = JSON.parse(out) as { result: string; problems: { code: string }[] }[];
    assert.deepEqual([code, report?.result], [1, 'changed']);
    assert.deepEqual(
      report?.problems.map((problem) => problem.code),
      ['changed-output', 'missing-evidence'],
    );
  });

  it('does not call whole what it could not see', async () => {
    await incident(false);
    const open = await verify('.');
    assert.equal(open.code, 0);
    assert.match(open.out, /0 recorded heads\n {2}It was never resolved, .* would not be seen\.\n/);
    mkdirSync(path.join(at.folder, 'empty', newId()), { recursive: true });
    const empty = await verify('empty');
    assert.equal(empty.code, 1);
    assert.match(empty.out, /^changed .*: 0 events.*\n {2}No event can be read in it\.\n/);
    const nowhere = await verify('nowhere');
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.out, /^unreadable nowhere\n {2}There is no such file or folder/);
    mkdirSync(path.join(at.folder, 'none'));
    const none = await verify('none');
    assert.equal(none.code, 1);
    assert.match(none.err, /no journal of an incident was found there, so nothing was verified/);
  });

  it('takes no option of the others', async () => {
    assert.equal((await verify('.', '--strict')).code, 2);
    assert.equal((await verify()).code, 2);
  });

  it('holds an audit bundle against its manifest, and names what was changed', async () => {
    const { id, folder } = await incident();
    const into = path.join(at.folder, 'bundle');
    value(
      await exportBundle(
        {
          folder,
          incident: { id, number: '2026-11-23-0001', title: 'Payments failing' },
          documents: [],
          into,
          exportedAt: '2026-11-28T10:00:00.000Z',
          exportedBy: 'Ana',
        },
        new AbortController().signal,
      ),
    );
    const good = await verify('bundle');
    assert.deepEqual([good.code, good.err], [0, '']);
    assert.match(good.out, /^as-written bundle: 5 events, 1 output, 1 file of evidence, 1 recorded head\n/);
    appendFileSync(path.join(into, 'journal', 'output', 'run1.log'), 'x');
    const { code, out } = await verify('bundle');
    assert.equal(code, 1);
    assert.match(out, /changed +bundle[^]*journal\/output\/run1\.log is not what was exported/);
  });
});
