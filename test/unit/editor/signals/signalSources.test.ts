import assert from 'node:assert/strict';
import type { SignalSource } from '../../../../src/core/signals/signalSource.ts';
import type { LazyIntegrations } from '../../../../src/editor/chunks/integrationsChunk.ts';
import {
  createSignalSources,
  type SourceDeps,
  type SourceSettings,
} from '../../../../src/editor/signals/signalSources.ts';
import { change } from '../../core/signals/signals.ts';

const nothing: SourceSettings = {
  alertmanager: { baseUrl: '', user: '', tenant: '' },
  prometheus: { baseUrl: ' ', user: '', tenant: '' },
  pagerduty: undefined,
  argoCd: '',
  flags: [],
  cluster: undefined,
};
const everything: SourceSettings = {
  alertmanager: { baseUrl: 'https://alerts.example/am/', user: ' ana ', tenant: '' },
  prometheus: { baseUrl: 'https://prometheus.example', user: '', tenant: ' team-a ' },
  pagerduty: { baseUrl: 'https://api.pagerduty.example', teams: ['PT1'] },
  argoCd: 'https://argocd.example',
  flags: [
    { kind: 'unleash', baseUrl: 'https://flags.example', apiUrl: 'https://unleash.example/', token: 'FLAGS' },
  ],
  cluster: { context: 'production', server: 'https://k8s.example', namespace: 'shop' },
};

/** What each source is asked with, in the place of the systems themselves. */
function depsOf(tokens: Readonly<Record<string, string>> = {}) {
  const asked: unknown[] = [];
  const answer = (what: unknown) => {
    asked.push(what);
    return Promise.resolve({ ok: true as const, value: { signals: [], complete: true } });
  };
  const signals = {
    alertmanager: (connection: unknown) => ({ read: () => answer(['alertmanager', connection]) }),
    readPrometheus: (connection: unknown) => answer(['prometheus', connection]),
    readPagerDuty: (connection: unknown) => answer(['pagerduty', connection]),
    readUnleashEvents: (connection: unknown) => answer(['unleash', connection]),
  };
  const changes = (what: string) => (target: unknown, since: string) => {
    asked.push([what, target, since]);
    return Promise.resolve({ ok: true as const, value: [change()] });
  };
  const deps: SourceDeps = {
    integrations: (() => ({ signals })) as unknown as LazyIntegrations,
    tokenOf: (system, baseUrl) => Promise.resolve(tokens[`${system} ${baseUrl}`]),
    secretOf: (name) => Promise.resolve(tokens[name]),
    readDeploys: changes('argocd'),
    readClusterChanges: changes('kubernetes'),
    now: () => '2026-11-23T10:30:00.000Z',
  };
  return { deps, asked };
}
const readOf = (source: SignalSource | undefined) => {
  assert.ok(source);
  return source.read(new AbortController().signal);
};

describe('the sources of the settings', () => {
  it('say which server they are in the same words in every window, and nothing that is secret', () => {
    const { deps } = depsOf();
    const originOf = (baseUrl: string, user = '', tenant = ''): string | undefined =>
      createSignalSources({ ...nothing, alertmanager: { baseUrl, user, tenant } }, deps)[0]?.origin;
    assert.equal(originOf('https://alerts.example/am/', ' ana '), 'alertmanager https://alerts.example/am');
    assert.equal(
      originOf('https://ana:word@alerts.example/am?q=1'),
      'alertmanager https://alerts.example/am',
    );
    assert.equal(
      originOf('https://alerts.example/am', '', 'team-a'),
      'alertmanager https://alerts.example/am of team-a',
    );
    assert.equal(originOf('no address'), undefined);
    const others = createSignalSources(everything, deps).map(({ origin }) => origin);
    assert.deepEqual(others.slice(1), [
      'prometheus https://prometheus.example of team-a',
      ...Array(4).fill(undefined),
    ]);
    const alone = { ...nothing, prometheus: { ...everything.prometheus, tenant: '' } };
    assert.equal(createSignalSources(alone, deps)[0]?.origin, 'prometheus https://prometheus.example');
  });

  it('are none while nothing is set, and all that is, alerts first', () => {
    const { deps, asked } = depsOf();
    assert.deepEqual(createSignalSources(nothing, deps), []);
    assert.deepEqual(
      createSignalSources(everything, deps).map(({ name, kind }) => [name, kind]),
      [
        ['Alertmanager', 'alerts'],
        ['Prometheus', 'alerts'],
        ['PagerDuty', 'alerts'],
        ['Argo CD', 'changes'],
        ['Unleash', 'changes'],
        ['Kubernetes', 'changes'],
      ],
    );
    assert.deepEqual(asked, [], 'nobody is asked before it is read');
  });

  it('are asked with the token of their own address, for the tenant that is set, and for changes of the last day', async () => {
    const { deps, asked } = depsOf({
      'alertmanager https://alerts.example/am': 'word-a',
      'pagerduty https://api.pagerduty.example': 'word-p',
      FLAGS: 'word-f',
    });
    for (const source of createSignalSources(everything, deps)) assert.equal((await readOf(source)).ok, true);
    const since = '2026-11-22T10:30:00.000Z';
    assert.deepEqual(asked, [
      ['alertmanager', { baseUrl: 'https://alerts.example/am', user: 'ana', tenant: '', token: 'word-a' }],
      ['prometheus', { baseUrl: 'https://prometheus.example', user: '', tenant: 'team-a', token: undefined }],
      [
        'pagerduty',
        { baseUrl: 'https://api.pagerduty.example', token: 'word-p', teams: ['PT1'], changesSince: since },
      ],
      ['argocd', { argoCdServer: 'https://argocd.example' }, since],
      [
        'unleash',
        {
          baseUrl: 'https://unleash.example',
          token: 'word-f',
          project: undefined,
          environment: undefined,
          since,
        },
      ],
      ['kubernetes', everything.cluster, since],
    ]);
  });

  it('say so when an address is none, or a token was taken away meanwhile, and ask nobody', async () => {
    const { deps, asked } = depsOf();
    const { pagerduty } = everything;
    const prometheus = { baseUrl: 'prometheus:9090', user: '', tenant: '' };
    const [first, second] = createSignalSources({ ...nothing, prometheus, pagerduty }, deps);
    const wrong = await readOf(first);
    assert.match(wrong.ok ? '' : wrong.failure.message, /incident\.prometheus\.baseUrl is no web address/);
    const gone = await readOf(second);
    assert.equal(gone.ok ? '' : gone.failure.code, 'unauthorized');
    assert.deepEqual(asked, []);
  });

  it('are others when address, user, tenant or namespace are others', () => {
    const { deps } = depsOf();
    const keys = (settings: SourceSettings) => createSignalSources(settings, deps).map(({ key }) => key);
    const before = keys(everything);
    const alertmanager = { baseUrl: 'https://alerts.example/am', user: 'ana', tenant: '' };
    assert.deepEqual(keys({ ...everything, alertmanager }), before, 'a slash and blanks make no other');
    const moved = keys({
      ...everything,
      prometheus: { ...everything.prometheus, tenant: 'team-b' },
      cluster: { ...everything.cluster, namespace: 'staging' },
    });
    assert.deepEqual(
      moved.map((key, index) => key === before[index]),
      [true, false, true, true, true, false],
    );
  });
});
