import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  guideFor,
  insertRunbook,
  runbookFile,
  runbookFileName,
} from '../../../../src/core/authoring/skeletons.ts';
import { looksLikeGuide } from '../../../../src/core/guide/looksLikeGuide.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { applyEdits } from '../../../../src/core/lint/textEdit.ts';
import { alertsOf, findRunbook } from '../../../../src/core/signals/findRunbook.ts';
import { linkAlert, unlinkedAlerts } from '../../../../src/core/signals/linkAlert.ts';
import { bash, lint } from '../lint/linted.ts';
import { alert } from '../signals/signals.ts';

const read = (source: string, file = 'runbooks/checkout-errors.md') => parseGuide(source, { file });
const url = 'https://wiki.example/x/(42)?a=1,2#top';

describe('new runbooks and guides', () => {
  for (const form of ['steps', 'alert'] as const)
    it(`are read as what they are: ${form}`, () => {
      const source = runbookFile('Checkout: Errors & <b>', form);
      const guide = read(source);
      assert.equal(looksLikeGuide(source), true);
      assert.deepEqual(
        guide.runbooks.map(({ title }) => title),
        ['Checkout: Errors & <b>'],
      );
      assert.equal(guide.runbooks[0]?.steps.length, form === 'steps' ? 2 : 4);
      // What we write ourselves has nothing to mend but the one trap it teaches.
      assert.deepEqual(
        lint(source).map(({ code }) => code),
        form === 'steps' ? [] : ['argocd-auto-sync'],
      );
    });

  it('have a file name that every system takes', () => {
    assert.equal(runbookFileName('Service Unavailable (503)'), 'service-unavailable-503.md');
    assert.equal(runbookFileName('Größe/Über \\..'), 'größe-über.md');
    assert.equal(runbookFileName('???'), 'runbook.md');
  });

  it('go behind the last runbook of a guide, with its level', () => {
    const source = `${bash('# no heading', 'kubectl get nodes')}\n## Contacts\n\nNobody.\n`;
    const after = applyEdits(source, [insertRunbook(source, read(source), 'Two')]);
    assert.deepEqual(
      read(after).runbooks.map(({ title }) => title),
      ['One', 'Two'],
    );
    assert.match(after, /```\n\n### Two\n[^]*```\n\n## Contacts\n\nNobody\.\n$/);
  });

  it('go to the end of a guide without runbooks, with a marker', () => {
    const source = '# Ops\n\nWords.\n';
    const after = applyEdits(source, [insertRunbook(source, read(source), 'Two')]);
    assert.deepEqual(
      read(after).runbooks.map(({ title }) => title),
      ['Two'],
    );
    assert.match(after, /^# Ops\n\nWords\.\n\n<!-- incident: runbook -->\n## Two\n/);
  });

  it('carry the organisation’s name', () => {
    const source = readFileSync(new URL('../../../../media/default-guide.md', import.meta.url), 'utf8');
    const guide = read(guideFor('Shop $& Co\n# x', source));
    assert.equal(guide.title, 'Shop $& Co # x incident guide');
    assert.equal(guide.phases.length, 5);
  });
});

describe('alerts whose runbook is nowhere', () => {
  const firing = alert({ runbookUrl: url });

  it('are told once for each address, while they are open', () => {
    const signals = [
      firing,
      alert({ runbookUrl: url, labels: { alertname: 'Other' } }),
      alert({ runbookUrl: 'https://wiki.example/gone', state: 'resolved' }),
      alert({}),
      alert({ runbookUrl: 'https://x.example/runbooks/one.md' }),
    ];
    const guides = [read(bash('kubectl get nodes'), 'runbooks/one.md')];
    assert.deepEqual(unlinkedAlerts(signals, guides), [{ title: 'PaymentErrorRateHigh', url }]);
  });

  it('find the file that is made for them', () => {
    const guide = read(runbookFile('Something Else', 'alert', [url]));
    assert.deepEqual(alertsOf(guide.frontmatter), [url]);
    assert.deepEqual(findRunbook(firing, [guide]), {
      kind: 'guide',
      id: guide.runbooks[0]?.id,
      title: 'Something Else',
    });
    assert.deepEqual(unlinkedAlerts([firing], [guide]), []);
  });

  it('find by name what a file’s frontmatter lists without quotes', () => {
    const guide = read(`---\nalerts: [QueueLong, PaymentErrorRateHigh]\n---\n${runbookFile('X', 'alert')}`);
    assert.equal(findRunbook(alert({}), [guide])?.kind, 'guide');
    assert.equal(findRunbook(alert({ title: 'Queue' }), [guide]), undefined);
  });

  for (const [what, source] of [
    ['a file without frontmatter', runbookFile('Something Else', 'alert')],
    ['a file with frontmatter', `---\ncwd: ..\n---\n${runbookFile('Something Else', 'alert')}`],
    ['a file with alerts', runbookFile('Something Else', 'alert', ['https://wiki.example/other'])],
    [
      'a guide of several runbooks',
      `${bash('kubectl get nodes')}\n### Two\n\n\`\`\`bash\nkubectl get nodes\n\`\`\`\n`,
    ],
  ] as const)
    it(`find a runbook that they are linked to: ${what}`, () => {
      const guide = read(source);
      const runbook = guide.runbooks.at(-1);
      assert.ok(runbook);
      const after = read(
        applyEdits(source, [linkAlert(source, guide, runbook, { title: 'Pay]ments', url })]),
      );
      assert.equal(after.runbooks.length, guide.runbooks.length);
      assert.deepEqual(findRunbook(firing, [after]), { kind: 'guide', id: runbook.id, title: runbook.title });
      for (const old of alertsOf(guide.frontmatter)) assert.ok(alertsOf(after.frontmatter).includes(old));
    });
});
