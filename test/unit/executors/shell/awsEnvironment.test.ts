import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../../../src/core/plan/plan.ts';
import { planOfScript, shellIn } from '../../../support/shellBuilders.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';

describe('aws in a shell step', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'aws-environment-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const own = {
    AWS_PROFILE: 'own',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'own-key',
    AWS_ROLE_ARN: 'own-role',
  };

  async function run(script: string, target: Target): Promise<{ stdout: string; stderr: string }> {
    const output = collectOutput();
    await shellIn(folder, { env: () => ({ ...process.env, ...own }) }).run(
      planOfScript(script, { target }),
      output,
      untilDone(),
    );
    return output;
  }
  const show = 'echo "$AWS_PROFILE $AWS_REGION $AWS_DEFAULT_REGION [$AWS_ACCESS_KEY_ID]"';

  it('goes to the pinned profile and region, whatever keys the person has set', async () => {
    const { stdout, stderr } = await run(`${show} # aws s3 ls`, {
      awsProfile: 'prod',
      awsRegion: 'eu-west-1',
    });
    assert.equal(stdout, 'prod eu-west-1 eu-west-1 []\n');
    assert.equal(stderr, '');
  });

  it('takes the role of the machine’s own web identity away, not just its value', async () => {
    const pinned = { awsProfile: 'prod', awsRegion: 'eu-west-1' };
    assert.equal((await run('echo "${AWS_ROLE_ARN-gone}" # aws', pinned)).stdout, 'gone\n');
    assert.equal((await run('echo "${AWS_ROLE_ARN-gone}" # aws', {})).stdout, 'own-role\n');
  });

  it('says so when it goes where this machine happens to go', async () => {
    const { stdout, stderr } = await run(`${show} # aws s3 ls`, {});
    assert.match(stdout, /^own us-east-1 .*\[own-key\]/);
    assert.match(stderr, /no AWS profile and no region pinned: aws in this step uses this machine’s own/);
    assert.equal((await run(show, {})).stderr, '');
  });
});
