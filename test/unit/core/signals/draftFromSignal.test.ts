import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { draftFromSignal } from '../../../../src/core/signals/draftFromSignal.ts';
import { findRunbook } from '../../../../src/core/signals/findRunbook.ts';
import { mapSeverity } from '../../../../src/core/signals/mapSeverity.ts';
import { defaultServiceLabels } from '../../../../src/core/signals/serviceOf.ts';
import { after } from '../../../support/builders.ts';
import { alert } from './signals.ts';

const guide = parseGuide(readFileSync('media/default-guide.md', 'utf8'), { file: 'docs/guide.md' });
const alertRunbook = (file: string): Guide =>
  parseGuide(
    '# QueueBlocked\n\n## Meaning\n\nA queue.\n\n## Impact\n\nx\n\n## Diagnosis\n\n```sh\nkubectl get pods\n```\n\n## Mitigation\n\nx\n',
    { file },
  );

describe('the severity an alert calls itself', () => {
  const four = ['SEV1', 'SEV2', 'SEV3', 'SEV4'];
  const cases: readonly (readonly [
    label: string | undefined,
    names: readonly string[],
    severity: string | undefined,
  ])[] = [
    ['critical', four, 'SEV1'],
    ['page', four, 'SEV1'],
    ['high', four, 'SEV2'],
    ['warning', four, 'SEV3'],
    ['info', four, 'SEV4'],
    ['Warning', ['P0', 'P1', 'P2'], 'P1'],
    ['critical', ['Critical', 'Major', 'Minor'], 'Critical'],
    ['minor', ['Critical', 'Major', 'Minor'], 'Minor'],
    ['sev-2', four, 'SEV2'],
    ['P2', four, 'SEV2'],
    ['P1', ['P0', 'P1', 'P2'], 'P1'],
    ['5', four, 'SEV4'],
    ['error', ['only'], 'only'],
    ['purple', four, undefined],
    ['', four, undefined],
    [undefined, four, undefined],
    ['critical', [], undefined],
  ];
  for (const [label, names, severity] of cases) {
    it(`${String(label)} of ${names.join(', ') || 'none'} is ${severity ?? 'for a person to say'}`, () => {
      assert.equal(mapSeverity(label, names, {}), severity);
    });
  }

  it("is what the setting says, in the guide's spelling", () => {
    assert.equal(mapSeverity('Critical', four, { critical: 'sev2' }), 'SEV2');
    assert.equal(mapSeverity('purple', four, { purple: 'SEV4' }), 'SEV4');
  });
});

describe('the runbook of a signal', () => {
  const find = (more: Parameters<typeof alert>[0], guides: readonly Guide[] = [guide]) => {
    const found = findRunbook(alert(more), guides);
    return found?.kind === 'guide' ? found.title : found?.url;
  };

  it('is the one whose title its address ends with', () => {
    assert.equal(find({ runbookUrl: 'https://runbooks.example/high-latency' }), 'High Latency');
    assert.equal(find({ runbookUrl: 'https://wiki.example/guide.html#high-error-rate' }), 'High Error Rate');
  });

  it("is the guide's own file that its address names, wherever it is published", () => {
    const guides = [guide, alertRunbook('runbooks/QueueBlocked.md')];
    assert.equal(
      find({ runbookUrl: 'https://git.example/ops/blob/main/runbooks/QueueBlocked.md' }, guides),
      'QueueBlocked',
    );
    assert.equal(find({ runbookUrl: 'runbooks/QueueBlocked' }, guides), 'QueueBlocked');
    assert.equal(
      find({ runbookUrl: 'https://git.example/ops/blob/main/docs/guide.md#high-latency' }, guides),
      'High Latency',
    );
  });

  it('tells READMEs apart by their folder', () => {
    const guides = [alertRunbook('search/README.md'), alertRunbook('queue/README.md')];
    const found = findRunbook(
      alert({ runbookUrl: 'https://git.example/ops/blob/main/queue/README.md' }),
      guides,
    );
    assert.equal(found?.kind === 'guide' && found.id, guides[1]?.runbooks[0]?.id);
  });

  it('is the one that links to the very address', () => {
    const linking = parseGuide(
      '# G\n\n## Runbooks\n\n### One\n\n```sh\nls\n```\n\n### Two\n\nSee [more](https://wiki.example/x?page=77).\n\n```sh\nls\n```\n',
      { file: 'g.md' },
    );
    assert.equal(find({ runbookUrl: 'https://wiki.example/x?page=77' }, [linking]), 'Two');
  });

  it('is the address itself when no guide knows it, on the web only', () => {
    assert.equal(find({ runbookUrl: 'https://wiki.example/x' }), 'https://wiki.example/x');
    assert.equal(find({ runbookUrl: 'command:workbench.action.quit', title: 'X' }), undefined);
    assert.equal(find({ runbookUrl: 'javascript:alert(1)', title: 'X' }), undefined);
  });

  it("is found by the title's words in the alert's name or summary", () => {
    assert.equal(find({}), 'High Error Rate', 'PaymentErrorRateHigh');
    assert.equal(find({ title: 'CheckoutSlow', summary: 'p99 latency of checkout is high' }), 'High Latency');
    assert.equal(find({ title: 'CheckoutDown', summary: 'no scrape' }), undefined);
  });
});

describe('a declare drafted from a signal', () => {
  const draft = (more: Parameters<typeof alert>[0] = {}) =>
    draftFromSignal(
      alert(more),
      { guides: [guide], severities: guide.severities.map(({ name }) => name) },
      { severities: {}, serviceLabels: defaultServiceLabels },
      after(0),
    );

  it('is filled with all the signal tells', () => {
    assert.deepEqual(draft({ summary: 'payment-service fails 7% of its requests' }), {
      title: 'payment-service fails 7% of its requests',
      severity: 'SEV1',
      service: 'payment-service',
      onset: after(-2),
      runbook: {
        kind: 'guide',
        id: guide.runbooks.find(({ title }) => title === 'High Error Rate')?.id,
        title: 'High Error Rate',
      },
    });
  });

  it('leaves open what it does not tell', () => {
    const { severity, service, title } = draft({ labels: { alertname: 'Odd' } });
    assert.deepEqual([severity, service, title], [undefined, undefined, 'Odd']);
  });

  it('does not begin in the future, nor at no time at all', () => {
    assert.equal(draft({ startedAt: after(3) }).onset, after(0));
    assert.equal(draft({ startedAt: 'yesterday' }).onset, undefined);
  });

  it('takes texts as one line of plain text', () => {
    const { title } = draft({ summary: `a\u0000b\u202e\n\tc ${'x'.repeat(300)}` });
    assert.match(title, /^a b c x+…$/);
    assert.equal([...title].length, 120);
  });
});
