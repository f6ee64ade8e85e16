import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGitUser } from '../../../src/journal/gitUser.ts';

describe("git's user name", () => {
  it('is the one that holds in the folder, undefined where git cannot say', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'git-user-'));
    try {
      execFileSync('git', ['-C', folder, 'init', '--quiet']);
      execFileSync('git', ['-C', folder, 'config', 'user.name', 'Ana Ünal']);
      assert.equal(await readGitUser(folder), 'Ana Ünal');
      assert.equal(await readGitUser(join(folder, 'not there')), undefined);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
