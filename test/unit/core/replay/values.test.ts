import assert from 'node:assert/strict';
import type { Step } from '../../../../src/core/guide/guide.ts';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import { judgeRecorded } from '../../../../src/core/replay/judgeRecorded.ts';
import { playRunbook } from '../../../../src/core/replay/playRunbook.ts';
import { parseRecording, renderRecording, type Recording } from '../../../../src/core/replay/recording.ts';
import { recordRunbook } from '../../../../src/core/replay/recordRunbook.ts';
import { declared, fact, incidentOf, runEnded, runStarted } from '../../../support/builders.ts';
import { observe, stepOf, target, worked } from '../judge/judging.ts';

const look = stepOf(1, 'cat state', { attributes: { 'ir.capture': 'worker = after("worker: ")' } });
const check = stepOf(2, 'cat load', { attributes: { 'ir.assert': 'count("up") >= $replicas' } });
const restart = stepOf(3, 'echo <worker>', { attributes: { 'ir.when': '$worker == "w-7"' } });
const steps = [look, check, restart];
const sequenceOf = (of: readonly Step[]) => ({ id: 'collect', title: 'Queue', line: 1, steps: of });

type Ran = readonly [step: Step, output: string, outcome?: Outcome];

/** What is recorded of these runs, written to a file and read again; `by` a person or the first run set the worker. */
function recorded(
  of: readonly Step[],
  runs: readonly Ran[],
  { values = {}, captured = {} }: { values?: Record<string, string>; captured?: Record<string, string> } = {},
): Recording {
  const set = (given: Record<string, string>, more: { run?: string }) =>
    Object.entries(given).map(([name, value]) => fact('ValueSet', { name, value, ...more }));
  const incident = incidentOf(
    declared({ target }),
    ...set(values, {}),
    ...runs.flatMap(([step, output, outcome = worked], at) => {
      const { reading } = observe(step, output, outcome);
      return [
        runStarted({ run: `run-${at}`, step: step.id, command: step.command ?? '', target }),
        runEnded({ run: `run-${at}`, outcome, ...(reading ? { reading } : {}) }),
      ];
    }),
    ...set(captured, { run: 'run-0' }),
  );
  const outputs = new Map(runs.map(([, output], at) => [`run-${at}`, output]));
  const from = { guide: 'g.md', sequence: sequenceOf(of), values: incident.values };
  const made = recordRunbook(incident, from, outputs, judgeRecorded);
  const read = parseRecording(renderRecording(made));
  assert.ok(read.ok, JSON.stringify(read));
  assert.deepEqual(read.value, made);
  return read.value;
}

const ran: readonly Ran[] = [
  [look, 'ready\nworker: w-7\n'],
  [check, 'up\nup\n'],
];
const verdictOf = (recording: Recording, of: readonly Step[] = steps, at = 2) =>
  playRunbook(sequenceOf(of), recording, judgeRecorded).steps[at]?.expected;

describe('a replay', () => {
  it('holds conditions and assertions against the values that were set', () => {
    const told = recorded(steps, ran, { values: { worker: 'w-9', replicas: '2' } });
    assert.equal(told.steps[2]?.verdict, 'does-not-apply');
    assert.equal(told.steps[2]?.because, 'worker is w-9', 'what a person has set is never replaced');
    assert.deepEqual(told.steps[1]?.asserts, { 'count("up") >= $replicas': 'passed' });
    const none = recorded(steps, ran);
    assert.deepEqual(none.steps[1]?.asserts, { 'count("up") >= $replicas': 'not-checked' });
  });

  it('takes values out of the recorded output, so that a broken capture shows', () => {
    const told = recorded(steps, ran, { captured: { worker: 'w-7' } });
    assert.deepEqual(told.values, {}, 'the output gives it');
    assert.equal(told.steps[2]?.verdict, 'applies');
    assert.equal(told.steps[2]?.runs, 'echo w-7');
    const broken = stepOf(1, 'cat state', { attributes: { 'ir.capture': 'worker = after("job: ")' } });
    const now = verdictOf(told, [broken, check, restart]);
    assert.equal(now?.verdict, 'cannot-tell');
    assert.deepEqual(now?.missing, ['worker']);
  });

  it('reads no value out of an output whose middle is left out', () => {
    const lines = Array.from({ length: 400 }, () => 'up');
    const count = stepOf(1, 'cat load', { attributes: { 'ir.capture': 'workers = count("up")' } });
    const told = recorded([count], [[count, lines.join('\n')]], { captured: { workers: '400' } });
    assert.deepEqual(told.values, { workers: '400' });
    assert.deepEqual(playRunbook(sequenceOf([count]), told, judgeRecorded).captured, {});
  });

  it('keeps a captured value that its output no longer gives', () => {
    const told = recorded(steps, [[look, 'ready\n']], { captured: { worker: 'w-7' } });
    assert.deepEqual(told.values, { worker: 'w-7' });
    assert.equal(told.steps[2]?.verdict, 'applies');
  });

  it('knows the incident’s service and namespace, as the incident does', () => {
    const other = stepOf(3, 'echo x', { attributes: { 'ir.when': '$namespace == "production"' } });
    const told = recorded([look, check, other], ran);
    assert.equal(
      verdictOf({ ...told, values: { namespace: 'production' } }, [look, check, other])?.verdict,
      'applies',
    );
  });
});

describe('a recorded request', () => {
  const curl = stepOf(1, 'curl https://shop.example/health', {
    attributes: { 'ir.assert': 'status == 200' },
  });
  const next = stepOf(2, 'echo x', { attributes: { 'ir.when': 'status == 503' } });
  const told = (output: string, outcome: Outcome) => recorded([curl, next], [[curl, output, outcome]]).steps;

  it('keeps the status that it was answered with', () => {
    const [bad, applies] = told('down\n', { kind: 'failed', status: 503, message: 'It answered 503.' });
    assert.deepEqual([bad?.status, bad?.asserts], ['503', { 'status == 200': 'failed' }]);
    assert.equal(applies?.verdict, 'applies');
    const [good, not] = told('fine\n', { kind: 'succeeded', exitCode: 0, status: 200 });
    assert.deepEqual([good?.status, good?.asserts], ['200', { 'status == 200': 'passed' }]);
    assert.equal(not?.verdict, 'does-not-apply');
  });

  it('has none where nobody answered', () => {
    const [lost, unknown] = told('', { kind: 'failed', exitCode: 7, message: 'Nobody answers there.' });
    assert.deepEqual([lost?.status, lost?.asserts], [undefined, { 'status == 200': 'not-checked' }]);
    assert.equal(unknown?.verdict, 'cannot-tell');
  });
});
