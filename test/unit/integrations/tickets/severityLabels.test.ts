import assert from 'node:assert/strict';
import { isOtherSeverity } from '../../../../src/integrations/tickets/severityLabels.ts';

describe('labels that say another severity', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['severity-sev2', 'severity-sev3', true],
    ['severity-sev2', 'Severity-SEV1', true],
    ['severity-sev2', 'severity-sev2', false],
    ['severity-sev2', 'SEVERITY-SEV2', false],
    ['severity-sev2', 'severity', false],
    ['severity-sev2', 'incident', false],
    ['severity: critical', 'severity: low', true],
    ['sev2', 'sev1', true],
    ['sev2', 'sevenfold', false],
    ['sev2', 'payments', false],
    ['critical', 'crash', false],
    ['incident', 'bug', false],
  ];
  for (const [label, other, expected] of cases)
    it(`${other} beside ${label}: ${expected}`, () => assert.equal(isOtherSeverity(label, other), expected));
});
