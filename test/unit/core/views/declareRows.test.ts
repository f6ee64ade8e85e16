import assert from 'node:assert/strict';
import type { DeclareDraft } from '../../../../src/core/signals/draftFromSignal.ts';
import { declareRows } from '../../../../src/core/views/declareRows.ts';
import { after } from '../../../support/builders.ts';

const draft: DeclareDraft = {
  title: 'Payments fail',
  severity: 'SEV1',
  service: 'payment-service',
  onset: after(-12),
  runbook: { kind: 'guide', id: 'r', title: 'High Error Rate' },
};
const target = { context: 'sim', server: 'https://sim.example', namespace: 'production' };
const rows = (more: Partial<DeclareDraft> = {}, at = target, namespace?: string) =>
  declareRows({ ...draft, ...more }, at, after(0), namespace);

describe('the one confirmation of a prefilled declare', () => {
  it('declares by its first row, which says where commands go before anything else', () => {
    const [first] = rows();
    assert.equal(first?.key, 'declare');
    assert.equal(first.label, '$(flame) Declare SEV1: Payments fail');
    assert.equal(
      first.detail,
      'commands go to sim / production · payment-service · since 10:18 UTC · runbook High Error Rate',
    );
  });

  it('has a row for each value', () => {
    assert.deepEqual(
      rows().map(({ key, description }) => [key, description]),
      [
        ['declare', undefined],
        ['title', 'Payments fail'],
        ['severity', 'SEV1'],
        ['service', 'payment-service'],
        ['onset', '2026-11-23 10:18 UTC (12 min ago)'],
        ['target', 'sim / production'],
        ['runbook', 'High Error Rate'],
      ],
    );
  });

  it('asks what is wrong first when a link does not say it', () => {
    const all = rows({ title: '', severity: undefined });
    assert.equal(all[0]?.key, 'title');
    assert.equal(all.filter(({ key }) => key === 'title').length, 1);
    assert.ok(!all.some(({ key }) => key === 'declare'));
  });

  it('asks for the severity first when the alert does not tell it', () => {
    const all = rows({ severity: undefined });
    assert.equal(all[0]?.key, 'severity');
    assert.ok(!all.some(({ key }) => key === 'declare'), 'nothing is declared without one');
  });

  it('says what is not known, and that no cluster is pinned', () => {
    const [first, , , service, onset, place] = declareRows(
      { ...draft, service: undefined, onset: undefined, runbook: undefined },
      {},
      after(0),
    );
    assert.match(first?.detail ?? '', /^no cluster is pinned · service not known yet$/);
    assert.deepEqual(
      [service?.description, onset?.description, place?.description],
      ['not known yet', 'not known, the declaration counts', 'no target'],
    );
  });

  it('points at a namespace of the alert that is another than the target', () => {
    const detailOf = (namespace: string) =>
      rows({}, target, namespace).find(({ key }) => key === 'target')?.detail;
    assert.match(detailOf('staging') ?? '', /names the namespace staging/);
    assert.equal(detailOf('production'), undefined);
  });

  it('draws no icon that a foreign text asks for', () => {
    const all = rows({ title: '$(trash) gone', service: '$(flame)' }, target, '$(x)');
    for (const { label, description = '', detail = '' } of all)
      assert.doesNotMatch(label.replace(/^\$\(flame\) Declare/, '') + description + detail, /\$\(/);
  });
});
