import assert from 'node:assert/strict';
import type { Plan } from '../../../../src/core/plan/plan.ts';
import type { Executor } from '../../../../src/core/ports.ts';
import type { Check } from '../../../../src/core/resolution/check.ts';
import { runChecks, type CheckSources } from '../../../../src/core/resolution/runChecks.ts';
import { after, declared, fact, incidentOf } from '../../../support/builders.ts';

const check = (kind: Check['kinds'][number]): Check => ({
  id: kind,
  text: kind,
  kinds: [kind],
  isOwn: false,
});

/** A cluster that answers each command by the words it holds; what it has no answer for is unreachable. */
function sources(
  answers: readonly (readonly [words: RegExp, output: string, detail?: string])[],
  more: Partial<CheckSources> = {},
): CheckSources & { readonly asked: string[] } {
  const asked: string[] = [];
  const executor: Executor = {
    run: async (plan: Plan, io) => {
      asked.push(plan.preview);
      const answer = answers.find(([words]) => words.test(plan.preview));
      if (answer === undefined) return { kind: 'failed', message: 'The cluster cannot be reached.' };
      const [, output, detail] = answer;
      // In pieces, as a cluster answers.
      for (let at = 0; at < output.length; at += 500_000)
        await io.write(output.slice(at, at + 500_000), 'stdout');
      return { kind: 'succeeded', ...(detail === undefined ? {} : { detail }) };
    },
  };
  return {
    asked,
    executorFor: () => Promise.resolve(executor),
    alerts: () => Promise.resolve({ signals: [], sources: [], servers: [], shown: new Map() }),
    now: () => after(40),
    logsBefore: new Map(),
    metrics: noMetrics,
    ...more,
  };
}
const noMetrics: CheckSources['metrics'] = {
  server: () => undefined,
  queries: () => ({}),
  askRange: () => Promise.reject(new Error('nobody is asked')),
  askInstant: () => Promise.reject(new Error('nobody is asked')),
  now: () => 0,
  found: new Map(),
};
const pods =
  'NAME                    READY   STATUS    RESTARTS   AGE\npayment-service-a-b     1/1     Running   0          3m\n';
const silent = new AbortController().signal;

describe('looking at the checks', () => {
  it('asks the pinned cluster by commands that only read', async () => {
    const from = sources([
      [/get pods/, pods],
      [/get deployments/, 'NAME  READY\npayment-service  1/1'],
      [/get statefulsets/, ''],
    ]);
    const [seen] = await runChecks(incidentOf(declared()), [check('pods')], from, silent);
    assert.deepEqual([seen?.state, seen?.sentence], ['good', '1 of 1 pods of payment-service are ready']);
    assert.equal(seen?.at, after(40));
    assert.deepEqual(from.asked.sort(), [
      'kubectl get deployments -n production --context sim',
      'kubectl get pods -n production --context sim',
      'kubectl get statefulsets -n production --context sim',
    ]);
  });

  it('finds no pods good where the workloads that want them cannot be read', async () => {
    for (const unread of ['deployments', 'statefulsets']) {
      const others = ['deployments', 'statefulsets'].filter((kind) => kind !== unread);
      const from = sources([
        [/get pods/, pods],
        ...others.map((kind) => [new RegExp(`get ${kind}`), ''] as const),
      ]);
      const [seen] = await runChecks(incidentOf(declared()), [check('pods')], from, silent);
      assert.equal(seen?.state, 'not-checked', unread);
      assert.match(seen.sentence, /how many are wanted could not be read: The cluster cannot be reached$/);
    }
  });

  it('takes what cannot be reached for not checked, with why, and goes on with the others', async () => {
    const kinds = ['pods', 'logs', 'argocd', 'metrics', 'alerts', 'debts'] as const;
    const seen = await runChecks(incidentOf(declared()), kinds.map(check), sources([]), silent);
    assert.deepEqual(
      seen.map(({ check: id, state }) => [id, state]),
      [
        ['pods', 'not-checked'],
        ['logs', 'not-checked'],
        ['argocd', 'not-checked'],
        ['metrics', 'not-checked'],
        ['alerts', 'not-checked'],
        ['debts', 'good'],
      ],
    );
    for (const one of seen.slice(0, 3)) assert.match(one.sentence, /The cluster cannot be reached$/);
  });

  it('asks nothing where it is not known what to look at', async () => {
    const from = sources([[/./, pods]]);
    const nowhere = incidentOf(declared({ target: {} }));
    const seen = await runChecks(nowhere, [check('pods'), check('logs'), check('argocd')], from, silent);
    assert.deepEqual(new Set(seen.map(({ state }) => state)), new Set(['not-checked']));
    const odd = incidentOf(declared({ service: 'payments; rm -rf /' }));
    const [look] = await runChecks(odd, [check('pods')], from, silent);
    assert.match(look?.sentence ?? '', /is no name that a cluster knows/);
    assert.deepEqual(from.asked, []);
  });

  it('reads the logs before the onset only where there are errors now, and only once', async () => {
    const line = (minute: number, text: string) => `${after(minute)} ${text}\n`;
    const incident = incidentOf(declared(), fact('OnsetSet', { at: after(0) }));
    const quiet = sources([[/logs/, line(39, 'INFO ok')]]);
    const [fine] = await runChecks(incident, [check('logs')], quiet, silent);
    assert.equal(fine?.state, 'good');
    assert.equal(quiet.asked.length, 1);
    const loud = sources([[/logs/, line(-2, 'ERROR card 1 declined') + line(39, 'ERROR card 2 declined')]]);
    for (let round = 0; round < 2; round++) {
      const [seen] = await runChecks(incident, [check('logs')], loud, silent);
      assert.equal(seen?.state, 'good', seen?.sentence);
    }
    assert.equal(loud.asked.length, 3);
    assert.match(loud.asked[0] ?? '', /logs .*-l app=payment-service --since-time=2026-11-23T11:05:00Z/);
    assert.match(loud.asked[1] ?? '', /--since-time=2026-11-23T10:25:00Z/);
  });

  it('finds no logs good of which only a part was read: too many of them, or of some pods alone', async () => {
    const line = (text: string) => `${after(39)} ${text}\n`;
    const look = async (...answer: readonly [string, string?]) => {
      const from = sources([[/logs/, ...answer]]);
      const [seen] = await runChecks(incidentOf(declared()), [check('logs')], from, silent);
      return `${seen?.state}: ${seen?.sentence}`;
    };
    // The newest lines tell of the error; only the oldest are kept.
    const flood = line('INFO ok').repeat(250_000) + line('ERROR card declined');
    assert.match(
      await look(flood),
      /^not-checked: 0 of \d+ log lines of payment-service .* tell of an error, but there are more logs than are read$/,
    );
    const some = '2 of 3 logs could be read: the container is starting.';
    assert.match(await look(line('INFO ok'), some), /^not-checked: 0 of 1 .*, but 2 of 3 logs could be read: the container is starting$/); // prettier-ignore
    assert.match(await look('', some), /^not-checked: payment-service logged nothing .* \(2 of 3 logs could/);
    // What was read is bad enough.
    assert.match(await look(line('ERROR card declined'), some), /^bad: 1 of 1 log lines/);
  });

  it('compares with nothing while the onset is not known: what was before the declare may have been broken', async () => {
    const line = (minute: number, text: string) => `${after(minute)} ${text}\n`;
    const loud = sources([[/logs/, line(-2, 'ERROR card 1 declined') + line(39, 'ERROR card 2 declined')]]);
    const [seen] = await runChecks(incidentOf(declared()), [check('logs')], loud, silent);
    assert.equal(seen?.state, 'bad');
    assert.match(seen.sentence, /the onset is not set, so there is nothing to compare with/);
    assert.equal(loud.asked.length, 1);
  });

  it('takes a look that was stopped, and one that throws, for not checked', async () => {
    const stop = new AbortController();
    const from = sources([[/get pods/, pods]], {
      alerts: () => {
        stop.abort();
        return Promise.resolve({
          signals: [],
          sources: [{ name: 'Alertmanager', problem: undefined }],
          servers: [],
          shown: new Map(),
        });
      },
      metrics: {
        ...noMetrics,
        server: () => {
          throw new Error('boom');
        },
      },
    });
    const seen = await runChecks(
      incidentOf(declared()),
      [check('alerts'), check('metrics')],
      from,
      stop.signal,
    );
    assert.deepEqual(
      seen.map(({ state }) => state),
      ['not-checked', 'not-checked'],
    );
    assert.match(seen[1]?.sentence ?? '', /boom/);
  });

  it('leaves manual items to the person', async () => {
    assert.deepEqual(await runChecks(incidentOf(declared()), [check('manual')], sources([]), silent), []);
  });
});
