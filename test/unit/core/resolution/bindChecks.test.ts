import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { bindChecks } from '../../../../src/core/resolution/bindChecks.ts';
import { kindsOf } from '../../../../src/core/resolution/checkWords.ts';
import { changeMade, declared, incidentOf, runEnded, runStarted } from '../../../support/builders.ts';

describe('checks of a checklist', () => {
  const cases: readonly (readonly [text: string, kinds: readonly string[]])[] = [
    ['Metrics returned to normal', ['metrics']],
    ['Logs show no errors', ['logs']],
    ['Manual tests passing', ['manual']],
    ['No active alerts', ['alerts']],
    ['Error rate below 0.1% and p99 latency normal', ['metrics']],
    ['All pods running, logs clean', ['logs', 'pods']],
    ['Argo CD application Synced and Healthy', ['argocd']],
    ['Auto-sync re-enabled', ['debts']],
    ['Feature flags restored', ['debts']],
    ['Keine aktiven Alarme', ['alerts']],
    ['Métricas normales', ['metrics']],
    ['メトリクスが正常', ['metrics']],
    // It tells of alerts, and is nothing that a machine can look at.
    ['Inform support that the alerts are quiet', ['manual']],
    ['Smoke tests on checkout pass', ['manual']],
    ['Customer confirmed', ['manual']],
    // No "logs" in it, and no "page" that rings.
    ['Catalogue and landing page load', ['manual']],
    ['Users can log in', ['manual']],
  ];
  for (const [text, kinds] of cases)
    it(`binds "${text}" to ${kinds.join(' and ')}`, () => assert.deepEqual(kindsOf(text), kinds));

  it('follow the guide, and behind it stands what the incident itself calls for', () => {
    const guide = parseGuide(readFileSync('media/default-guide.md', 'utf8'), { file: 'guide.md' });
    const plain = bindChecks(incidentOf(declared()), guide);
    assert.deepEqual(
      plain.filter(({ isOwn }) => !isOwn).map(({ kinds }) => kinds.join()),
      ['metrics', 'logs', 'manual', 'alerts'],
    );
    assert.deepEqual(
      plain.filter(({ isOwn }) => isOwn).map(({ id }) => id),
      ['also/pods'],
    );
    const busy = incidentOf(
      declared(),
      runStarted({ kind: 'argocd', run: 'run-0' }),
      runStarted({ risk: 'change' }),
      changeMade(),
      runEnded(),
    );
    assert.deepEqual(
      bindChecks(busy, guide).flatMap(({ id, isOwn }) => (isOwn ? [id] : [])),
      ['also/pods', 'also/argocd', 'also/debts'],
    );
  });

  it('are there without a guide too', () => {
    assert.deepEqual(
      bindChecks(incidentOf(declared()), undefined).map(({ id }) => id),
      ['also/alerts', 'also/logs', 'also/pods'],
    );
  });
});
