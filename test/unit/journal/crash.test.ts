import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../../src/core/errors.ts';
import type { AnyEvent } from '../../../src/core/incident/events.ts';
import { breakDisk, diskError } from './brokenDisk.ts';
import { createJournalFolder, declared, newId, note, value } from './journalFolder.ts';
import type { JournalFolder } from './journalFolder.ts';

const script = join(import.meta.dirname, 'appendLoop.ts');
const textOf = (event: AnyEvent): string => (event.data as { text: string }).text;

/** Runs the append loop, kills it after `acknowledged` lines (never with Infinity), gives what it told. */
const runLoop = (command: string, args: readonly string[], acknowledged: number) =>
  new Promise<{ done: readonly string[]; refused: Failure | undefined }>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.split('\n').length > acknowledged) child.kill('SIGKILL');
    });
    child.on('error', reject).on('close', () => {
      const lines = out.split('\n').filter((line) => line !== '');
      const last = lines.find((line) => line.startsWith('refused '));
      resolve({
        done: lines.filter((line) => /^\d+$/.test(line)),
        refused: last === undefined ? undefined : (JSON.parse(last.slice(8)) as Failure),
      });
    });
  });

describe('a journal that is hurt', function () {
  this.timeout(60_000);
  let at: JournalFolder;
  beforeEach(() => {
    at = createJournalFolder();
  });
  afterEach(() => at.dispose());

  it('has every acknowledged append after SIGKILL, and at most one torn line', async () => {
    for (const [acknowledged, size] of [
      [1, 10],
      [7, 200_000],
      [23, 10],
      [40, 5_000],
      [61, 100],
    ] as const) {
      const incident = newId();
      const loop = [script, at.folder, incident, String(size)];
      const { done, refused } = await runLoop(process.execPath, loop, acknowledged);
      assert.equal(refused, undefined);
      assert.ok(done.length >= acknowledged);
      const { events, problems } = value(await at.journal().read(incident));
      const found = new Set(events.map((event) => textOf(event).replace(/ x+$/, '')));
      for (const i of done) assert.ok(found.has(i) && found.has(`${i} second`), `append ${i} is lost`);
      assert.ok(
        problems.length <= 1 && problems.every(({ code }) => code === 'torn-tail'),
        JSON.stringify(problems),
      );
      // And the next activation goes on where it was left.
      const next = at.journal();
      value(await next.read(incident));
      value(await next.append(incident, [note('after the crash')]));
      assert.equal(textOf(value(await next.read(incident)).events.at(-1)!), 'after the crash');
    }
  });

  it('says when a file may not grow, and keeps what it had (EFBIG by ulimit)', async () => {
    const incident = newId();
    const command = 'ulimit -f 64; exec "$0" "$@"';
    const loop = [process.execPath, script, at.folder, incident, '3000'];
    const { done, refused } = await runLoop('bash', ['-c', command, ...loop], Infinity);
    assert.equal(refused?.code, 'storage');
    assert.match(refused.message, /Everything recorded before is safe/);
    assert.match(refused.cause ?? '', /EFBIG/);
    const { events, problems } = value(await at.journal().read(incident));
    assert.deepEqual(problems, []);
    assert.equal(events.length, done.length * 2);
    assert.ok(done.length > 0);
  });

  it('refuses on a full disk, leaves nothing half-written, and goes on when there is space', async () => {
    const disk = join(at.folder, 'disk');
    mkdirSync(disk);
    let mounted = true;
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      mounted = false;
    }
    const ballast = join(disk, 'ballast');
    const fill = (bytes: number) => {
      const file = openSync(ballast, 'a');
      try {
        for (let left = bytes; left > 0; left -= 1024) writeSync(file, Buffer.alloc(1024));
      } catch {
        // Full: that is what it is for.
      }
      closeSync(file);
    };
    let left = 40_000;
    const broken = mounted
      ? undefined
      : await breakDisk({
          write: () => {
            left -= 6_200;
            if (left < 0) throw diskError('ENOSPC');
            return undefined;
          },
        });
    console.log(
      `      full disk by ${mounted ? 'a tmpfs of 256 KB' : 'a file handle that refuses (no right to mount)'}`,
    );
    const journal = at.journal('Ana', undefined, disk);
    try {
      const incident = newId();
      value(await journal.append(incident, [declared()]));
      if (mounted) fill(180_000);
      let kept = 1;
      let failure: Failure | undefined;
      while (!failure) {
        const appended = await journal.append(incident, [note('x'.repeat(3000)), note('y'.repeat(3000))]);
        if (appended.ok) kept += 2;
        else failure = appended.failure;
        assert.ok(kept < 1000);
      }
      assert.equal(failure.code, 'storage');
      assert.match(
        failure.message,
        /^The disk is full, so this entry was not written\. Everything recorded before/,
      );
      const full = value(await journal.read(incident));
      assert.equal(full.events.length, kept);
      assert.deepEqual(full.problems, []);
      if (mounted) fill(300_000);
      // A new incident, with nothing of it left behind: neither a folder nor an empty file.
      const other = newId();
      const refused = await journal.append(other, [declared(), note('x'.repeat(9000))]);
      assert.equal(!refused.ok && refused.failure.code, 'storage');
      assert.deepEqual(value(await journal.listIncidents()), [incident]);

      rmSync(ballast, { force: true });
      broken?.mend();
      value(await journal.append(incident, [note('space again')]));
      value(await journal.append(other, [declared()]));
      const after = value(await journal.read(incident));
      assert.equal(after.events.length, kept + 1);
      assert.deepEqual(after.problems, []);
      assert.equal(readdirSync(join(disk, incident)).length, 1);
    } finally {
      broken?.mend();
      await journal.dispose();
      if (mounted) execFileSync('umount', [disk]);
    }
  });

  it('keeps the chain whole after half a write, and takes a new file where the half cannot be cut off', async () => {
    const incident = newId();
    const journal = at.journal();
    value(await journal.append(incident, [declared()]));
    for (const cutFails of [false, true]) {
      let writes = 0;
      const { mend } = await breakDisk({
        write: () => {
          writes += 1;
          if (writes === 1) return 40;
          throw diskError('ENOSPC');
        },
        ...(cutFails && {
          truncate: () => {
            throw diskError('EIO');
          },
        }),
      });
      const refused = await journal.append(incident, [note('never')]);
      mend();
      assert.equal(!refused.ok && refused.failure.code, 'storage');
      value(await journal.append(incident, [note(`after, cutFails ${cutFails}`)]));
    }
    const { events, problems } = value(await journal.read(incident));
    assert.deepEqual(events.slice(1).map(textOf), ['after, cutFails false', 'after, cutFails true']);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['torn-tail'],
    );
    assert.equal(new Set(events.map(({ writer }) => writer)).size, 2);
    const live = await journal.liveWriters();
    assert.ok(events.every(({ writer }) => live.has(writer)));
  });

  it('does not trust a file whose fsync failed', async () => {
    const incident = newId();
    const journal = at.journal();
    value(await journal.append(incident, [declared()]));
    let syncs = 0;
    const { mend } = await breakDisk({
      sync: () => {
        syncs += 1;
        if (syncs === 1) throw diskError('EIO');
        return undefined;
      },
    });
    const refused = await journal.append(incident, [note('never')]);
    mend();
    assert.equal(!refused.ok && refused.failure.code, 'storage');
    value(await journal.append(incident, [note('after')]));
    const { events, problems } = value(await journal.read(incident));
    assert.deepEqual(events.slice(1).map(textOf), ['after']);
    assert.deepEqual(problems, []);
    assert.equal(readdirSync(join(at.folder, incident)).length, 2);
  });

  it('says what is in the way where the folder cannot be made', async () => {
    const blocked = join(at.folder, 'journal');
    writeFileSync(blocked, 'a file where the folder should be');
    const journal = at.journal('Ana', undefined, blocked);
    const refused = await journal.append(newId(), [declared()]);
    assert.equal(!refused.ok && refused.failure.code, 'storage');
    assert.match(refused.ok ? '' : refused.failure.message, /a file where a folder of the journal should be/);
    const listed = await journal.listIncidents();
    assert.equal(!listed.ok && listed.failure.code, 'storage');
    assert.equal(readFileSync(blocked, 'utf8'), 'a file where the folder should be');
  });
});
