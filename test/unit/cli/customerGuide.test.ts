import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GuideReport } from '../../../src/cli/checkReport.ts';
import type { PlannedStep } from '../../../src/cli/planReport.ts';
import { runIn } from './cliFolder.ts';

const root = join(import.meta.dirname, '../../..');
const file = '../shared/guide.md';

/** The first customer's guide lies beside the clone and not in it: where it is missing there is nothing to test. */
if (!existsSync(join(root, file)))
  console.log(`The customer's guide is not tested: ${file} does not exist beside this clone.`);
else
  describe('a customer’s guide, unchanged', () => {
    const run = runIn(root);
    let guide: GuideReport;
    let plans: readonly PlannedStep['reported'][];
    before(async () => {
      const checked = await run('check', '--json', file);
      assert.equal(checked.code, 0);
      [guide] = JSON.parse(checked.out) as [GuideReport];
      const planned = await run('plan', '--json', file);
      assert.equal(planned.code, 0);
      plans = JSON.parse(planned.out) as typeof plans;
    });

    it('has no error', () => {
      assert.equal(guide.file, file);
      assert.deepEqual(
        guide.problems.filter(({ severity }) => severity === 'error'),
        [],
      );
    });

    it('has severities with response times, and who to escalate to', () => {
      assert.deepEqual(
        guide.severities.map(({ name, responseMinutes }) => `${name} ${responseMinutes}`),
        ['SEV1 15', 'SEV2 30', 'SEV3 120', 'SEV4 1440'],
      );
      assert.deepEqual(
        guide.escalations.map(({ severity, roles }) => `${severity}: ${roles.join(', ')}`),
        [
          'SEV1: Tech Lead, Engineering Manager, CTO',
          'SEV2: Tech Lead, Engineering Manager',
          'SEV3: Tech Lead',
          'SEV4: On-call team',
        ],
      );
    });

    it('has five phases with their clocks', () => {
      assert.deepEqual(
        guide.phases.map(({ kind, clock }) => [kind, clock]),
        [
          ['triage', { kind: 'minutes', from: 0, to: 15 }],
          ['diagnosis', { kind: 'minutes', from: 15, to: 45 }],
          ['mitigation', { kind: 'variable', text: 'Variable' }],
          ['resolution', { kind: 'none' }],
          ['post-mortem', { kind: 'none' }],
        ],
      );
    });

    it('has questions, the cadence, a checklist, templates and deadlines', () => {
      assert.equal(guide.questions.length, 5);
      assert.equal(guide.questions[0]?.text, 'When did the problem start?');
      assert.equal(guide.cadence?.everyMinutes, 15);
      assert.deepEqual(
        guide.checklist.map(({ text }) => text),
        ['Metrics returned to normal', 'Logs show no errors', 'Manual tests passing', 'No active alerts'],
      );
      assert.deepEqual(
        guide.templates.map(({ kind }) => kind),
        ['update', 'resolution', 'post-mortem'],
      );
      assert.match(guide.templates[2]?.text ?? '', /^# Post-Mortem: \[Incident Title\][\s\S]*\[Deadline\]$/);
      assert.deepEqual(
        guide.deadlines.map(({ hours, severities, recurring }) => [hours, severities, recurring]),
        [
          [48, ['SEV1', 'SEV2'], false],
          [168, ['SEV3'], true],
        ],
      );
    });

    it('has the options A to D with their conditions', () => {
      assert.deepEqual(
        guide.options.map(({ label, title, condition, steps }) => [label, title, condition, steps.length]),
        [
          ['A', 'Rollback Deploy', 'If problem started after deploy', 1],
          ['B', 'Scale Resources', 'If problem is capacity-related', 1],
          ['C', 'Disable Feature', 'If specific feature is causing problem', 1],
          ['D', 'Failover', 'If problem is infrastructure-related', 2],
        ],
      );
    });

    it('has four runbooks with all their steps and conditions', () => {
      assert.deepEqual(
        guide.runbooks.map(({ title, line, steps }) => [title, line, steps.map(({ line }) => line)]),
        [
          ['Service Unavailable (503)', 200, [203, 206, 209, 212]],
          ['High Latency', 217, [220, 223, 226, 229]],
          ['High Error Rate', 233, [236, 239, 242]],
          ['Database Unavailable', 246, [249, 252, 255]],
        ],
      );
      assert.deepEqual(
        guide.runbooks.flatMap(({ steps }) => steps.flatMap(({ condition }) => condition ?? [])),
        [
          'If pods in CrashLoopBackOff',
          'If pods pending',
          'If pods healthy but 503',
          'If database slow',
          'If cache slow',
          'Failover if necessary',
        ],
      );
    });

    it('has contacts and every link', () => {
      assert.deepEqual(
        guide.contacts.map(({ role }) => role),
        ['Engineering Manager', 'Tech Lead Platform', 'On-call DBA', 'Security'],
      );
      assert.deepEqual(
        guide.links.map(({ href, line }) => `${line} ${href}`),
        [
          '96 rollback-guide.md',
          '106 scaling-guide.md',
          '270 deploy-guide.md',
          '271 rollback-guide.md',
          '272 scaling-guide.md',
          '273 ../components/monitoring-stack.md',
        ],
      );
    });

    it('gives every step its right kind', () => {
      const steps = plans.map(({ line, kind, risk, missing }) =>
        [line, kind, risk, missing.join(' ')].join(' ').trim(),
      );
      assert.deepEqual(steps, [
        '52 kubernetes read',
        '55 manual read',
        '58 kubernetes read suspect',
        '61 argocd read app-name',
        '93 argocd change app-name revision-id',
        '103 kubernetes change app-name',
        '113 http change feature',
        '121 rds change',
        '124 kubernetes change app-name ...',
        '203 kubernetes read service',
        '206 kubernetes read pod',
        '209 kubernetes read pod',
        '212 kubernetes read service',
        '220 manual read',
        '223 manual read',
        '226 manual read',
        '229 manual read',
        '236 kubernetes read service',
        '239 manual read',
        '242 http read',
        '249 rds read',
        '252 kubernetes change pod',
        '255 rds change',
      ]);
    });
  });
