import {
  answer,
  confirm,
  confirmationText,
  pick,
  runbookFrame,
  runCommand,
  treeItem,
} from '../../support/editorPage.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';
import { describeResolution, soakSetting } from './resolution.suite.ts';

const stuck = { labels: { alertname: 'PaymentsStuck', service: 'payment-service', severity: 'critical' } };
const alertmanager = ({ simulator }: SampleEditor) => simulator.outside.alertmanager.store;
/** The words of the product's own guide, which the sample workspace has. */
const words = {
  metrics: 'Error rate and latency are where they were before',
  logs: 'The logs are free of new errors',
  alerts: 'No alert is firing',
  byHand: 'Somebody used the product and it worked',
};
const ends = 'What was changed for the time being is put back';

describeResolution({
  name: 'the simulated production',
  open: () =>
    openSampleEditor({
      settings: { 'incident.name': 'Ana' },
      // JSON is YAML.
      files: { 'incident-people.yaml': JSON.stringify([{ name: 'Ben', roles: ['Tech Lead'] }]) },
      workspaceSettings: ({ outside }) => ({
        'incident.alertmanager.baseUrl': outside.alertmanager.url,
        'incident.github.baseUrl': outside.github.url,
        'incident.github.repository': outside.github.store.repository,
        'incident.signals.pollSeconds': 5,
        'incident.resolution.soak': soakSetting,
      }),
    }),
  service: 'payment-service',
  context: 'simulated-production',
  burning: {
    [words.metrics]: 'not-checked',
    [words.logs]: 'bad',
    [words.alerts]: 'bad',
    'Pods are ready': 'bad',
  },
  seenBurning: /CrashLoopBackOff/,
  mend: async (sample) => {
    const { page } = sample;
    await runCommand(page, 'Incident: Go to Phase');
    await pick(page, /Mitigation/);
    await treeItem(page, /Scale out/).click();
    const frame = runbookFrame(page);
    await frame
      .getByRole('button', { name: /^Use payment-service as app/ })
      .first()
      .click();
    const card = frame.getByRole('article').nth(0);
    await card
      .getByText(/scale deployment payment-service/)
      .first()
      .waitFor();
    await card.getByRole('button', { name: 'Run step 1' }).click();
    await confirmationText(page);
    await confirm(page, 'Run');
    await card
      .getByText(/scaled/)
      .first()
      .waitFor();
    await sample.healed();
    await sample.journalHas('RunEnded');
  },
  // The change itself is an open end. Pods that have only just restarted are accepted with the reason.
  calm: { [words.alerts]: 'good', [ends]: 'bad' },
  settle: async (sample) => {
    const { page } = sample;
    await pick(page, ends);
    await pick(page, /spec\.replicas 3 → 10/);
    await pick(page, 'Keep it…');
    await answer(page, 'the load stays until Monday', /^Keep: /);
    await sample.journalHas('ChangeKept');
  },
  relapse: (sample) => Promise.resolve(void alertmanager(sample).put({ ...stuck, startsAt: Date.now() })),
  words,
  says: /No alert is firing: .*PaymentsStuck \(firing\)/,
  calmAgain: (sample) =>
    Promise.resolve(
      void alertmanager(sample).put({ ...stuck, startsAt: Date.now() - 60_000, endsAt: Date.now() }),
    ),
  tickets: ({ simulator }) => {
    const { url, store } = simulator.outside.github;
    return Promise.resolve({ url, repository: store.repository, token: store.token });
  },
  secondWindow: true,
  pictures: true,
});
