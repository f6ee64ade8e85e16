import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  dashboardScope,
  dashboardSearchUrl,
  dashboardUrl,
  grafanaAddress,
  linkedDashboard,
  parseDashboard,
  placesOfStep,
  type DashboardScope,
} from '../../../../src/core/plan/dashboards.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import {
  aGuide,
  after,
  declared,
  declareTime,
  fact,
  incidentOf,
  resolved,
  step,
} from '../../../support/builders.ts';

describe('a line that names a dashboard', () => {
  for (const [line, title, folder] of [
    ['Grafana > Dashboard > Service Health', 'Service Health'],
    ['Grafana → Dashboards → API Errors by Endpoint.', 'API Errors by Endpoint'],
    ['Grafana -> Service Health', 'Service Health'],
    ['See `Grafana` > Dashboards > Operations > **Service Health**', 'Service Health', 'Operations'],
    ['Check in Grafana » Übersicht » Zahlungen', 'Zahlungen'],
    ['Grafana > Tableros > Pagos', 'Pagos'],
    ['Grafana > Tableau de bord > Paiements', 'Paiements'],
    ['Grafana > ダッシュボード > 決済', '決済'],
    ['Графана > Дашборды > Платежи', 'Платежи'],
    ['Look at the Grafana dashboard "Queue depth > 100"', 'Queue depth > 100'],
    ['Grafana dashboard: Queue depth', 'Queue depth'],
  ] as const)
    it(`is read: ${line}`, () => {
      assert.deepEqual(parseDashboard(line), { title, folder });
    });

  for (const line of [
    'Access Grafana: https://grafana.techcorp.internal',
    'Open the Grafana dashboard: https://grafana.techcorp.internal/d/abc',
    'Kibana > Dashboard > Checkout',
    'Datadog > Dashboards > Grafana migration',
    'Look at Grafana',
    'Grafana > Dashboards',
    'Platform team > Grafana',
    'See PostgreSQL metrics',
    '',
  ])
    it(`is not seen in: ${line || 'nothing'}`, () => {
      assert.equal(parseDashboard(line), undefined);
    });

  it('is looked for in any text without a throw, and always has a title then', () => {
    const piece = fc.oneof(
      fc.constantFrom('Grafana', '>', '→', 'Dashboard', '"', ':', 'https://x'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const found = parseDashboard(pieces.join(' '));
        return found === undefined || found.title.trim() !== '';
      }),
    );
  });
});

describe('where a step sends a person', () => {
  it('is each dashboard and address of its text and details, once', () => {
    const places = placesOfStep(
      step('one', {
        text: 'Look at https://status.example.com (and wait)',
        details: [
          'Grafana > Dashboard > Service Health',
          'Grafana > Dashboard > Service Health',
          'Logs: <https://logs.example.com/?q=a,b>, or https://status.example.com.',
        ],
      }),
    );
    assert.deepEqual(places, [
      { kind: 'address', url: 'https://status.example.com' },
      { kind: 'dashboard', title: 'Service Health', folder: undefined },
      { kind: 'address', url: 'https://logs.example.com/?q=a,b' },
    ]);
  });

  it('is nowhere for a step that names nothing', () => {
    assert.deepEqual(
      placesOfStep(step('one', { text: 'Ask the DBA', details: ['javascript:alert(1)'] })),
      [],
    );
  });
});

describe('the address of a guide’s Grafana', () => {
  const addressOf = (text: string): string | undefined =>
    grafanaAddress(
      parseGuide(`# Guide\n\n## Runbooks\n\n### High latency\n\n${text}\n`, { file: 'guide.md' }),
    );

  it('is read from a comment of a command', () => {
    const fence = '```bash\n# 1. Metrics\n# Access Grafana: https://grafana.techcorp.internal\n```';
    assert.equal(addressOf(fence), 'https://grafana.techcorp.internal');
  });

  it('is read from a link to one of its dashboards, with the path below which it lives', () => {
    assert.equal(
      addressOf('[Grafana](https://example.com/grafana/d/abc/service-health?from=now-1h)'),
      'https://example.com/grafana',
    );
    assert.equal(addressOf('[metrics](https://grafana.example.com/)'), 'https://grafana.example.com');
  });

  it('is that of the host so called, where a line holds others too', () => {
    const fence =
      '```bash\n# 1. Grafana runs behind https://sso.example.com at https://grafana.example.com/\n```';
    assert.equal(addressOf(fence), 'https://grafana.example.com');
  });

  it('is none where the guide names none', () => {
    assert.equal(addressOf('[Wiki](https://wiki.example.com)'), undefined);
  });
});

describe('a dashboard’s address', () => {
  const url = 'https://grafana.example.com/d/abc/service-health';
  const scope: DashboardScope = {
    from: 1_795_000_000_000,
    to: 'now',
    service: 'payment-service',
    namespace: 'production',
  };

  it('carries the time range in ms, and the service', () => {
    assert.equal(
      dashboardUrl(url, scope, ['service', 'namespace']),
      `${url}?from=1795000000000&to=now&var-service=payment-service&var-namespace=production`,
    );
  });

  it('sets only variables that the dashboard has, as it spells them', () => {
    assert.equal(
      dashboardUrl(url, scope, ['App', 'region']),
      `${url}?from=1795000000000&to=now&var-App=payment-service`,
    );
    assert.equal(dashboardUrl(url, scope, []), `${url}?from=1795000000000&to=now`);
  });

  it('guesses the variable where they are not known, and leaves out what the incident does not know', () => {
    assert.equal(dashboardUrl(url, scope), `${url}?from=1795000000000&to=now&var-service=payment-service`);
    assert.equal(dashboardUrl(url, { ...scope, service: undefined }), `${url}?from=1795000000000&to=now`);
  });

  it('keeps what the link says beside it, and lets no text out of its place', () => {
    assert.equal(
      dashboardUrl(`${url}?orgId=2&from=now-6h&var-service=old#panel`, { ...scope, service: 'a&to=1#x' }),
      `${url}?orgId=2&from=1795000000000&to=now&var-service=a%26to%3D1%23x#panel`,
    );
  });

  it('is a search where only the Grafana is known', () => {
    assert.equal(
      dashboardSearchUrl('https://grafana.example.com', 'Errors & Latency'),
      'https://grafana.example.com/dashboards?query=Errors%20%26%20Latency',
    );
  });

  it('may be a link of the guide that is called so', () => {
    const links = [
      { text: 'Service Health', href: 'https://wiki.example.com/x', resolved: '', line: 1 },
      { text: 'service health', href: `${url}?orgId=1`, resolved: '', line: 2 },
    ];
    assert.equal(linkedDashboard(aGuide({ links }), 'Service Health'), `${url}?orgId=1`);
    assert.equal(linkedDashboard(aGuide({ links: [] }), 'Service Health'), undefined);
  });
});

describe('what a dashboard is to show of an incident', () => {
  const ms = (iso: string): number => Date.parse(iso);
  const halfHour = 30 * 60_000;

  it('begins before the onset, or the declare where no onset is known, and follows the present', () => {
    const { from, to } = dashboardScope(incidentOf(declared()));
    assert.deepEqual([from, to], [ms(declareTime) - halfHour, 'now']);
    const known = incidentOf(declared(), fact('OnsetSet', { at: after(-90) }));
    assert.equal(dashboardScope(known).from, ms(after(-90)) - halfHour);
  });

  it('ends with the resolution', () => {
    const incident = incidentOf(declared(), [after(45), resolved()]);
    assert.equal(dashboardScope(incident).to, ms(after(45)));
  });

  it('is the last hour without an incident', () => {
    assert.deepEqual(dashboardScope(undefined), {
      from: 'now-1h',
      to: 'now',
      service: undefined,
      namespace: undefined,
    });
  });
});
