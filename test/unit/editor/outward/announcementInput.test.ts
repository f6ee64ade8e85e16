import assert from 'node:assert/strict';
import { nowhere, type OutwardPlaces } from '../../../../src/core/deliveries/outwardPlaces.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import type { LazyIntegrations } from '../../../../src/editor/chunks/integrationsChunk.ts';
import type { Connections } from '../../../../src/editor/outward/connections.ts';
import { offersOfSeverity } from '../../../../src/editor/outward/announcementInput.ts';
import { withPeopleOnCall } from '../../../../src/editor/outward/onCalls.ts';
import { aGuide, declared, fact, incidentOf } from '../../../support/builders.ts';
import { paged } from '../../../support/deliveryBuilders.ts';

const everywhere: OutwardPlaces = {
  ...nowhere,
  statuspage: { baseUrl: 'https://statuspage.example', page: 'kctbh9vrtdwd' },
  pagerduty: { baseUrl: 'https://pagerduty.example', service: 'PIJ90N7', from: 'ana@example.org' },
};

/** The places of the settings, and how often they were read. */
function depsOf(places: OutwardPlaces, guide: Guide = aGuide()) {
  let reads = 0;
  const connections: Pick<Connections, 'placesOf' | 'tokenOf'> = {
    placesOf: () => {
      reads += 1;
      return Promise.resolve(places);
    },
    tokenOf: () => Promise.resolve('a-word'),
  };
  const fetchOnCalls = () => Promise.resolve({ ok: true, value: [{ name: 'Cy', pagerduty: 'PXPGF42' }] });
  const peopleOf = withPeopleOnCall(() => Promise.resolve({ people: [], unknownRoles: [] }), {
    connections,
    integrations: (() => ({ pagerduty: { fetchOnCalls } })) as unknown as LazyIntegrations,
  });
  return { deps: { connections, guides: { guideOf: () => guide }, peopleOf }, reads: () => reads };
}
const raised = (...facts: readonly Fact[]) =>
  incidentOf(declared({ severity: 'SEV3' }), ...facts, fact('SeverityChanged', { severity: 'SEV1' }));

describe('what a raised severity calls for', () => {
  it('is offered with who is on call, by one reading of where deliveries go', async () => {
    const { deps, reads } = depsOf(everywhere);
    const rows = await offersOfSeverity(deps, raised(), 'SEV3');
    assert.deepEqual(
      rows.map(({ picked, requests }) => [picked, ...requests.map(({ delivery }) => delivery)]),
      [
        [false, 'statuspage/create-incident'],
        [true, 'pagerduty/create-incident', 'pagerduty/request-responders/first'],
      ],
    );
    assert.equal(reads(), 1);
  });

  it('is nothing where nothing is connected, of what is there already, and in a drill', async () => {
    const { deps } = depsOf(everywhere);
    assert.deepEqual(await offersOfSeverity(depsOf(nowhere).deps, raised(), 'SEV3'), []);
    const has = await offersOfSeverity(deps, raised(...paged()), 'SEV3');
    assert.deepEqual(
      has.map(({ id }) => id),
      ['statuspage'],
    );
    const drill = incidentOf(
      declared({ severity: 'SEV3', drill: true }),
      fact('SeverityChanged', { severity: 'SEV1' }),
    );
    assert.deepEqual(await offersOfSeverity(deps, drill, 'SEV3'), []);
  });
});
