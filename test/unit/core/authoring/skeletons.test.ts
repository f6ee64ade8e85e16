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

  it('find by name what stands one below the other, with comments', () => {
    const names = (list: string) => alertsOf(read(`---\nalerts:${list}\ncwd: ..\n---\n`).frontmatter);
    assert.deepEqual(names('\n  - A b # old\n  # - C\n\n  - "D, e"'), ['A b', 'D, e']);
    assert.deepEqual(names(' [A, # old\n  "B#c"]'), ['A', 'B#c']);
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

  const body = runbookFile('Something Else', 'alert').trimStart();
  const linked = (head: string, below = body): string => {
    const source = head + below;
    const guide = read(source);
    const [runbook] = guide.runbooks;
    assert.ok(runbook);
    const after = applyEdits(source, [linkAlert(source, guide, runbook, { title: 'Payments', url })]);
    assert.deepEqual(findRunbook(firing, [read(after)]), {
      kind: 'guide',
      id: runbook.id,
      title: runbook.title,
    });
    return after;
  };
  for (const [head, becomes, names] of [
    [
      '---\nalerts:\n  - A # old\n  - "B c"\n\n# Ours\ncwd: ..\n---\n',
      `---\nalerts:\n  - A # old\n  - "B c"\n  - "${url}"\n\n# Ours\ncwd: ..\n---\n`,
      ['A', 'B c', url],
    ],
    [
      '---\nalerts: # whose\n- A\ncwd: ..\n---\n',
      `---\nalerts: # whose\n- A\n- "${url}"\ncwd: ..\n---\n`,
      ['A', url],
    ],
    [
      "---\nalerts: [A, 'B ] c'] # old\n---\n",
      `---\nalerts: [A, 'B ] c', "${url}"] # old\n---\n`,
      ['A', 'B ] c', url],
    ],
    [
      '---\nalerts: [\n  A,\n  B,\n  ]\ncwd: ..\n---\n',
      `---\nalerts: [\n  A,\n  B,\n   "${url}"]\ncwd: ..\n---\n`,
      ['A', 'B', url],
    ],
    ['---\nalerts: []\n---\n', `---\nalerts: ["${url}"]\n---\n`, [url]],
    ['---\nalerts:\ncwd: ..\n---\n', `---\nalerts: ["${url}"]\ncwd: ..\n---\n`, [url]],
    ['---\nalerts: A\n---\n', `---\nalerts: ["A", "${url}"]\n---\n`, ['A', url]],
  ] as const)
    it(`add to ${JSON.stringify(head)} and leave the rest of it as it was`, () => {
      const after = linked(head);
      assert.equal(after, becomes + body);
      assert.deepEqual(alertsOf(read(after).frontmatter), names);
    });

  for (const head of [
    '+++\nalerts = ["A"]\n+++\n\n',
    '+++\ntitle = "x"\n+++\n',
    '---\n{"cwd": ".."}\n---\n',
    '---\nalerts:\n  a: b\n---\n',
    '---\nalerts: &all [A]\n---\n',
    '---\nalerts: |\n  A\n---\n',
    '---\nMy key: x\n---\n',
  ])
    it(`are linked below the heading where the head is ${JSON.stringify(head)}`, () => {
      const after = linked(head);
      assert.ok(after.startsWith(head), after);
      assert.match(after.slice(head.length), /^# Something Else\n\nAlert: \[Payments\]\(<https:/);
    });

  it('leave an underlined heading whole', () => {
    const underlined = body.replace('# Something Else', 'Something Else\n==============');
    const after = linked('+++\ntitle = "x"\n+++\n\n', underlined).split('\n');
    assert.deepEqual(after.slice(4, 9), [
      'Something Else',
      '==============',
      '',
      `Alert: [Payments](<${url}>)`,
      '',
    ]);
  });
});
