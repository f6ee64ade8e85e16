import assert from 'node:assert/strict';
import type { ServiceRead } from '../../../../src/core/judge/reading.ts';
import { judgeRecorded } from '../../../../src/core/replay/judgeRecorded.ts';
import { parseRecording, renderRecording } from '../../../../src/core/replay/recording.ts';
import { recordRunbook } from '../../../../src/core/replay/recordRunbook.ts';
import { incidentAfter, podTable, stepOf, worked } from '../judge/judging.ts';

const pods = stepOf(1, 'kubectl get pods -n production');
const svc = stepOf(2, 'kubectl get svc -n production');
const last = stepOf(3, 'kubectl get ingress -n production', { condition: 'If pods healthy but 503' });
const rows = 'NAME      TYPE        CLUSTER-IP\npayment   ClusterIP   10.0.0.7\n';

/** What a recording says of the last step, after it was written to its file and read again. */
function recorded(services: readonly ServiceRead[]) {
  const incident = incidentAfter([pods, podTable('Running')], [svc, rows, worked, services]);
  const outputs = new Map([
    ['run-0', podTable('Running')],
    ['run-1', rows],
  ]);
  const steps = { id: 'collect', title: 'Service Unavailable', line: 1, steps: [pods, svc, last] };
  const made = recordRunbook(
    incident,
    { guide: 'g.md', sequence: steps, values: {} },
    outputs,
    judgeRecorded,
  );
  const read = parseRecording(renderRecording(made));
  assert.ok(read.ok);
  assert.deepEqual(read.value, made);
  return made.steps;
}

describe('a recording of what stands behind services', () => {
  it('keeps what was looked up beside the output, so that a replay tells the same', () => {
    const [, looked, judged] = recorded([
      { name: 'payment', endpoints: 0 },
      { name: 'search', because: 'it has no selector' },
    ]);
    assert.deepEqual(looked?.endpoints, { payment: '0', search: 'it has no selector' });
    assert.equal(judged?.verdict, 'applies');
    assert.match(judged?.because ?? '', /service payment has no ready endpoints/);
  });

  it('never makes endpoints of what was not known', () => {
    const [, , judged] = recorded([{ name: 'payment', because: 'the run was stopped' }]);
    assert.equal(judged?.verdict, 'cannot-tell');
    assert.match(judged?.because ?? '', /is not known: the run was stopped/);
  });
});
