import assert from 'node:assert/strict';
import { approvalRequests, planApproval } from '../../../../src/core/deliveries/planApproval.ts';
import { longestShare, planShare, shareRequests } from '../../../../src/core/deliveries/planShare.ts';
import type { EventData } from '../../../../src/core/incident/events.ts';
import { approvalAsked } from '../../../support/approvalBuilders.ts';
import { after, declared, fact, incidentOf } from '../../../support/builders.ts';

const channel = fact('DeliveryRequested', {
  delivery: 'slack/create-channel',
  task: { system: 'slack', act: 'create-channel', name: 'inc', topic: '' },
  place: { baseUrl: 'https://slack.example' },
  after: [],
});
const run = { text: 'Read the settings', by: 'Ana', startedAt: after(3) };

describe('sharing a run’s output', () => {
  it('hides credentials in exactly what leaves, and shows how it was before', () => {
    const share = planShare(run, ['NAME   password=words', 'pods   3/3']);
    assert.equal(
      share.text,
      '**Output of Read the settings**, run by Ana at 10:33 UTC\n```\nNAME   password=•••••\npods   3/3\n```',
    );
    assert.match(share.before, /password=words/);
    assert.deepEqual([share.hidden, share.leftOut], [1, 0]);
  });
  it('keeps the end of what is too long, and says how much is left out', () => {
    const share = planShare(
      run,
      Array.from({ length: 2_000 }, (_, at) => `line ${at}`),
    );
    assert.ok(share.text.length < longestShare + 200);
    assert.ok(share.leftOut > 0 && share.text.includes('line 1999') && !share.text.includes('line 0\n'));
    assert.ok(planShare(run, ['x'.repeat(20_000)]).text.length < longestShare + 200);
  });
  it('hides what a line that was left out says is a secret', () => {
    const begin = ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ');
    const share = planShare(run, [begin, ...Array.from({ length: 300 }, () => 'words'.repeat(12)), 'last']);
    assert.ok(share.leftOut > 1 && !share.text.includes('BEGIN'));
    assert.doesNotMatch(share.text, /words|last/);
    assert.ok(share.hidden > 0);
    const long = planShare(run, ['- name: DB_PASSWORD', `  value: ${'x'.repeat(9_000)}`]);
    assert.doesNotMatch(long.text, /x{3}/);
  });
  it('cannot be broken out of its fence', () =>
    assert.equal(planShare(run, ['```', '<!channel>']).text.match(/```/g)?.length, 2));
  it('goes to the incident’s channel, and nowhere in a drill or without one', () => {
    assert.deepEqual(
      shareRequests(incidentOf(declared(), channel), 'words', 'mark').map(({ delivery, after: first }) => [
        delivery,
        first,
      ]),
      [['slack/post/mark', ['slack/create-channel']]],
    );
    assert.deepEqual(shareRequests(incidentOf(declared()), 'words', 'mark'), []);
    assert.deepEqual(shareRequests(incidentOf(declared({ drill: true }), channel), 'words', 'mark'), []);
  });
});

describe('asking for an approval in the channel', () => {
  const wanted = approvalAsked().data as EventData['ApprovalRequested'];
  it('names command, target, need and how to answer', () => {
    const [request] = approvalRequests(incidentOf(declared(), channel, approvalAsked()), 'request-1');
    assert.equal(request?.delivery, 'slack/post/approval-request-1');
    assert.ok(request.task.system === 'slack' && request.task.act === 'post');
    for (const part of [
      'Ana asks',
      wanted.command,
      'sim / production',
      'a second person',
      '11:30 UTC',
      ':white_check_mark:',
    ])
      assert.ok(request.task.text.includes(part), part);
  });
  it('is not done in a drill, nor without a channel', () => {
    assert.equal(planApproval(incidentOf(declared({ drill: true }), channel), 'Ana', wanted), undefined);
    assert.equal(planApproval(incidentOf(declared()), 'Ana', wanted), undefined);
  });
});
