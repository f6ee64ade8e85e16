import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PlainFailure } from '../../../scripts/cache.mjs';
import { ensureDebianProgram } from '../../lab/builds/debianPrograms.ts';

describe('a server of the lab', () => {
  const wanted = { package: 'lab-server', program: 'lab-serverd', proof: ['--version'] };
  const path0 = process.env['PATH'];
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'incident-programs-'));
    process.env['PATH'] = folder;
  });
  afterEach(async () => {
    process.env['PATH'] = path0;
    await rm(folder, { recursive: true, force: true });
  });

  const install = async (name: string, script: string) => {
    const file = path.join(folder, name);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  };

  it("is the machine's own where that runs", async () => {
    const file = await install('lab-serverd', 'exit 0');
    assert.equal((await ensureDebianProgram(wanted)).command, file);
  });

  it('is missed in a sentence that says how to get it', async () => {
    await install('lab-serverd', 'exit 1');
    await assert.rejects(ensureDebianProgram(wanted), (error: Error) => {
      assert.ok(error instanceof PlainFailure);
      assert.match(error.message, /lab-serverd/);
      assert.match(error.message, /apt-get install -y lab-server/);
      return true;
    });
  });

  it('is missed in the same way where apt has no such package', async () => {
    await install(
      'apt-get',
      'case "$1" in install) echo "E: Unable to locate package $5" >&2; exit 100;; esac',
    );
    await install('dpkg', 'exit 0');
    const cache = process.env['INCIDENT_CACHE'];
    process.env['INCIDENT_CACHE'] = path.join(folder, 'cache');
    try {
      await assert.rejects(ensureDebianProgram(wanted), /apt-get install -y lab-server/);
    } finally {
      if (cache === undefined) delete process.env['INCIDENT_CACHE'];
      else process.env['INCIDENT_CACHE'] = cache;
    }
  });
});
