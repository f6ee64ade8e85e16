import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { draftExecutive, draftPublic } from '../../../../src/core/views/audienceDrafts.ts';
import { draftNoChange } from '../../../../src/core/views/drafts.ts';
import {
  aGuide,
  after,
  declared,
  entered,
  fact,
  incidentOf,
  noted,
  resolved,
  runEnded,
  runStarted,
  updated,
} from '../../../support/builders.ts';

const guide = aGuide();
type At = readonly [string, Fact];
const publicly = (...facts: readonly (Fact | At)[]) => draftPublic(incidentOf(declared(), ...facts), guide);
const mitigating = entered('mitigation', 'Mitigation');
const mitigated = fact('MitigatedMarked', { at: after(12) });
const began = fact('OnsetSet', { at: after(-5) });

describe('what customers may read', () => {
  it('goes by the guide’s phases with the status page’s words', () => {
    const status = (...facts: readonly Fact[]) => publicly(...facts).status;
    assert.equal(status(), 'investigating');
    assert.equal(status(entered('diagnosis', 'Diagnosis')), 'investigating');
    assert.equal(status(mitigating), 'identified');
    assert.equal(status(mitigating, mitigated), 'monitoring');
    assert.equal(status(entered('resolution', 'Resolution')), 'monitoring');
    assert.equal(status(mitigating, resolved()), 'resolved');
    assert.equal(draftPublic(incidentOf(declared()), undefined).status, 'investigating');
  });
  it('says what is so, and when it began only when that is known', () => {
    assert.deepEqual(publicly(), {
      status: 'investigating',
      name: 'Problem with our service',
      text: 'We are investigating a problem with our service.',
    });
    assert.equal(
      publicly(began, mitigating).text,
      'There is a problem with our service, and we are working on a fix. It began at 2026-11-23 10:25 UTC.',
    );
    assert.equal(
      publicly(mitigating, mitigated).text,
      'The problem with our service has been under control since 2026-11-23 10:42 UTC. We are watching that it stays so.',
    );
    assert.equal(
      publicly(entered('resolution', 'Resolution')).text,
      'We are checking that the problem with our service is over.',
    );
    assert.equal(
      publicly([after(45), resolved()]).text,
      'The problem with our service was resolved at 2026-11-23 11:15 UTC.',
    );
  });
  it('names a service only as the guide says customers know it', () => {
    const named = aGuide({ frontmatter: { publicNames: 'search=Search, Payment-Service = Payments' } });
    const { name, text } = draftPublic(incidentOf(declared()), named);
    assert.equal(name, 'Problem with Payments');
    assert.equal(text, 'We are investigating a problem with Payments.');
  });
  it('takes the guide’s own line in the place of its text', () => {
    const { text, status } = draftPublic(incidentOf(declared()), guide, ' Services restored. ');
    assert.deepEqual([text, status], ['Services restored.', 'investigating']);
    assert.match(draftPublic(incidentOf(declared()), guide, ' ').text, /^We are/);
  });
  it('never holds a word of the responders', () => {
    const word = fc.stringMatching(/^zq[a-z]{3,8}$/);
    fc.assert(
      fc.property(
        word,
        fc.constantFrom('triage', 'mitigation', 'resolution'),
        fc.boolean(),
        (secret, phase, over) => {
          const incident = incidentOf(
            declared({ title: secret, service: secret, number: '2026-11-23-0001' }),
            entered(phase, secret),
            noted(secret),
            fact('ImpactSet', { figure: secret, source: secret, at: after(1) }),
            runStarted({ text: secret, command: secret, risk: 'change' }),
            runEnded(),
            ...(over ? [resolved({ cause: secret, resolution: secret, impact: secret })] : [mitigated]),
          );
          const { name, text } = draftPublic(incident, guide);
          assert.ok(!`${name} ${text}`.includes(secret), text);
        },
      ),
    );
  });
});

describe('what those who decide read', () => {
  it('is unknown where nothing is known', () => {
    assert.equal(
      draftExecutive(incidentOf(declared()), undefined, after(20)),
      `**SEV2 Payments failing** (2026-11-23-0001) [10:50 UTC]
- Impact: unknown
- Since: 2026-11-23 10:30 UTC, 20 min (declared; when it began is unknown)
- What is being done: Investigating
- Next update: unknown`,
    );
  });
  it('is impact, onset, the option taken and the next update by the guide’s cadence', () => {
    const impact = fact('ImpactSet', { figure: '5% of payments', source: 'Grafana', at: after(2) });
    const taken = [runStarted({ step: 'scale', sequence: 'option-b', risk: 'change' }), runEnded()];
    const incident = incidentOf(declared(), began, impact, mitigating, ...taken, [after(12), updated(1)]);
    assert.equal(
      draftExecutive(incident, guide, after(20)),
      `**SEV2 Payments failing** (2026-11-23-0001) [10:50 UTC]
- Impact: 5% of payments (Grafana, 2026-11-23 10:32 UTC)
- Since: 2026-11-23 10:25 UTC, 25 min
- What is being done: Mitigation: Scale Resources
- Next update: by 10:57 UTC`,
    );
    assert.match(draftExecutive(incident, guide, after(40)), /- Next update: by 11:25 UTC$/);
  });
  it('stops counting when users no longer feel it, and ends with the incident', () => {
    const calm = incidentOf(declared(), began, mitigating, mitigated);
    assert.match(draftExecutive(calm, guide, after(60)), /- Since: 2026-11-23 10:25 UTC, 17 min\n/);
    const over = incidentOf(declared(), [after(45), resolved()]);
    assert.match(
      draftExecutive(over, guide, after(60)),
      /Resolved at 11:15 UTC\n- Next update: none, it is over$/,
    );
  });
});

describe('the update that says there is nothing new', () => {
  it('says since when, where the response stands and when the next one comes', () => {
    const incident = incidentOf(declared(), entered('diagnosis', 'Diagnosis'), [after(15), updated(1)]);
    assert.equal(
      draftNoChange(incident, guide, after(30)),
      `**Update #2 [11:00 UTC]**
- Nothing new since update #1 at 10:45 UTC
- Status: Diagnosis
- Next update: by 11:15 UTC`,
    );
    assert.equal(
      draftNoChange(incidentOf(declared()), undefined, after(30)),
      `**Update #1 [11:00 UTC]**
- Nothing new since the declaration at 10:30 UTC
- Status: Investigating`,
    );
  });
});
