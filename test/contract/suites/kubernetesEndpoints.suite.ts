import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LookedUp, ServiceRead } from '../../../src/core/judge/reading.ts';
import type { Outcome } from '../../../src/core/plan/plan.ts';
import type { KubernetesExecutor } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createCertificates } from '../../lab/kubernetes/certificates.ts';
import type { FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import {
  apply,
  deleteObjects,
  kubernetesPlan,
  status,
  writeKubeconfig,
} from '../../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { KubernetesFaultsProduction, KubernetesFaultsSite } from './kubernetesFaults.suite.ts';
import { commandPlan } from './kubernetesReads.suite.ts';

export interface KubernetesEndpointsProduction extends KubernetesFaultsProduction {
  /** A kubeconfig's user entry: somebody who may list services and no EndpointSlices; absent where all may. */
  readonly narrowUser?: Readonly<Record<string, unknown>>;
}

const labels = { 'incident-test': 'endpoints' };
const service = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'production', labels },
  spec,
});
const port = (targetPort: number | string = 8080) => [{ port: 8080, targetPort, protocol: 'TCP' }];
const checkout = { app: 'checkout' };
const services = [
  service('ep-served', { selector: checkout, ports: port() }),
  service('ep-unserved', { selector: { app: 'ep-nobody' }, ports: port() }),
  service('ep-wrong-port', { selector: checkout, ports: port('nope') }),
  service('ep-headless', { clusterIP: 'None', selector: checkout, ports: port() }),
  service('ep-headless-unserved', { clusterIP: 'None', selector: { app: 'ep-nobody' }, ports: port() }),
  service('ep-by-hand', { ports: port() }),
  service('ep-elsewhere', { type: 'ExternalName', externalName: 'payments.example.com' }),
];

/** What stands behind the services that a step shows, looked up beside its output. Leaves the cluster as it was. */
export function describeKubernetesEndpoints(production: KubernetesEndpointsProduction): void {
  describe(`what stands behind services, looked up in ${production.title}`, function () {
    this.timeout(60_000);
    let folder: string;
    let site: KubernetesFaultsSite;
    let proxy: FaultProxy;
    let proxyAuthority: string;
    let executor: KubernetesExecutor;
    const target = { context: 'prod', namespace: 'production' };
    let opened = 0;
    const open = (server: string, authority: string | undefined, user: Readonly<Record<string, unknown>>) => {
      const data = Buffer.from(authority ?? '').toString('base64');
      const cluster = authority === undefined ? {} : { 'certificate-authority-data': data };
      const path = writeKubeconfig(
        folder,
        [{ name: 'prod', server, cluster, user }],
        undefined,
        `config-${(opened += 1)}`,
      );
      return createKubernetesExecutor({
        loadKubeconfig: () => loadKubeconfig({ paths: [path] }),
        timeoutMs: 120_000,
      });
    };

    interface Ran {
      readonly outcome: Outcome;
      readonly stdout: string;
      readonly stderr: string;
      /** Undefined where nothing was looked up. */
      readonly services: readonly ServiceRead[] | undefined;
    }
    async function run(command: string, on = executor, signal = untilDone()): Promise<Ran> {
      const found: LookedUp[] = [];
      const output = Object.assign(collectOutput(), { lookedUp: (one: LookedUp) => void found.push(one) });
      const outcome = await on.run(commandPlan(command, target), output, signal);
      assert.ok(found.length <= 1, 'it is told once');
      return { outcome, stdout: output.stdout, stderr: output.stderr, services: found[0]?.services };
    }
    const byName = ({ services: read = [] }: Ran) =>
      Object.fromEntries(read.map(({ name, endpoints }) => [name, endpoints]));

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kubernetes-endpoints-'));
      site = await production.start(join(folder, 'site'));
      const made = join(folder, 'certificates');
      mkdirSync(made);
      const { server, authority } = await createCertificates(made, { name: 'nobody', group: 'nobody' });
      proxy = await startFaultProxy(site.server, {
        certificate: {
          certificate: readFileSync(server.certificate, 'utf8'),
          key: readFileSync(server.key, 'utf8'),
        },
        ...(site.authority === undefined ? {} : { authority: site.authority }),
      });
      proxyAuthority = readFileSync(authority.certificate, 'utf8');
      executor = open(site.server, site.authority, site.user);
      writeFileSync(
        join(folder, 'services.json'),
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items: services }),
      );
      const plan = kubernetesPlan(apply(['services.json']), { target, cwd: folder });
      const output = collectOutput();
      const applied = await executor.run(plan, output, untilDone());
      assert.equal(applied.kind, 'succeeded', JSON.stringify(applied) + output.stderr);
      // The cluster's controller makes the slices a little later.
      while (
        !((await run('kubectl get svc ep-served ep-headless')).services ?? []).every((each) => each.endpoints)
      )
        await delay(50);
    });
    afterEach(() => {
      proxy.only = undefined;
      proxy.fault = { kind: 'none' };
    });
    after(async () => {
      const plan = kubernetesPlan(deleteObjects({ files: ['services.json'], ignoreNotFound: true }), {
        target,
        cwd: folder,
      });
      await executor.run(plan, collectOutput(), untilDone());
      await executor.dispose();
      await proxy.dispose();
      await site.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    const selected = 'kubectl get svc -l incident-test=endpoints';

    it('counts the ready ones, those of a headless service too, and none where a port has no container', async () => {
      const ran = await run(selected);
      assert.equal(ran.outcome.kind, 'succeeded');
      const { 'ep-served': served, ...others } = byName(ran);
      assert.ok(served !== undefined && served > 0);
      assert.deepEqual(others, {
        'ep-unserved': 0,
        'ep-wrong-port': 0,
        'ep-headless': served,
        'ep-headless-unserved': 0,
        'ep-by-hand': undefined,
      });
      // Those that a card names come first, and are kept where there are very many.
      assert.deepEqual(
        ran.services?.map(({ endpoints }) => endpoints),
        [0, 0, 0, undefined, served, served],
      );
    });

    it('accuses neither an ExternalName nor a service without a selector', async () => {
      const ran = await run(selected);
      assert.ok(!ran.services?.some(({ name }) => name === 'ep-elsewhere'));
      assert.deepEqual(
        ran.services?.find(({ name }) => name === 'ep-by-hand'),
        { name: 'ep-by-hand', because: 'it has no selector, and nobody has made endpoints for it' },
      );
      assert.deepEqual((await run('kubectl get svc ep-elsewhere')).services, []);
    });

    it('looks only at what the filters left, in every form that names services', async () => {
      const guide = await run('kubectl get svc,ingress -n production | grep ep-unserved');
      assert.deepEqual(guide.services, [{ name: 'ep-unserved', endpoints: 0 }]);
      assert.deepEqual((await run(`${selected} | grep nothing-of-it`)).services, []);
      assert.deepEqual((await run(`${selected} | wc -l`)).services, []);
      assert.deepEqual((await run(`${selected} -o name | grep wrong`)).services, [
        { name: 'ep-wrong-port', endpoints: 0 },
      ]);
      assert.deepEqual((await run('kubectl get svc -A | grep ep-unserved')).services, [
        { name: 'production/ep-unserved', endpoints: 0 },
      ]);
      assert.deepEqual((await run('kubectl get svc ep-unserved -o yaml')).services, [
        { name: 'ep-unserved', endpoints: 0 },
      ]);
    });

    it('asks nothing more where no service is shown, and in one request for all where some are', async () => {
      const watched = open(proxy.url, proxyAuthority, site.user);
      const asked = async (command: string) => {
        const before = proxy.requests.length;
        await run(command, watched);
        return proxy.requests.slice(before).filter(({ path }) => path.includes('endpointslices')).length;
      };
      try {
        assert.equal(await asked('kubectl get pods'), 0);
        assert.equal(await asked('kubectl get svc -l app=nothing-of-it'), 0);
        assert.equal(await asked(selected), 1);
      } finally {
        await watched.dispose();
      }
    });

    const notFound = { kind: 'answer', status: 404, body: '404 page not found\n' } as const;
    const forbidden = {
      kind: 'answer',
      status: 403,
      body: JSON.stringify(status(403, 'Forbidden', 'endpointslices.discovery.k8s.io is forbidden')),
    } as const;
    const bad = [
      ['the cluster refuses them', forbidden, /^you may not list endpointslices there \(403 Forbidden\)$/],
      ['the cluster is too old to have them', notFound, /^the cluster has no EndpointSlices \(404\)$/],
      ['the cluster fails', { kind: 'answer', status: 500, body: 'oops' }, /could not be read: .*500/],
      ['the answer is cut', { kind: 'cut', afterBytes: 40 }, /^their EndpointSlices could not be read: /],
      [
        'the answer is garbage',
        { kind: 'garbage', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n<p>' },
        /./,
      ],
      ['no answer comes', { kind: 'silence' }, /^the cluster did not answer within 3 s$/],
    ] as const;
    for (const [how, fault, why] of bad)
      it(`says that nothing is known where ${how}, and shows the same as ever`, async () => {
        const met = open(proxy.url, proxyAuthority, site.user);
        try {
          const usual = await run(selected, met);
          proxy.only = ({ path }) => path.includes('endpointslices');
          proxy.fault = fault;
          const ran = await run(selected, met);
          const ages = /\d+[smhd]+$/gm;
          assert.equal(ran.stdout.replace(ages, ''), usual.stdout.replace(ages, ''));
          assert.deepEqual([ran.stderr, ran.outcome], [usual.stderr, usual.outcome]);
          assert.equal(ran.services?.length, 6);
          for (const { endpoints, because = '' } of ran.services ?? []) {
            assert.equal(endpoints, undefined);
            assert.match(because, why);
          }
        } finally {
          await met.dispose();
        }
      });

    it('does not hold up a run that is stopped while it looks, which had shown everything', async () => {
      const met = open(proxy.url, proxyAuthority, site.user);
      try {
        proxy.only = ({ path }) => path.includes('endpointslices');
        proxy.fault = { kind: 'silence' };
        const looking = proxy.nextStruckAnswer();
        const stop = new AbortController();
        const running = run(selected, met, stop.signal);
        await looking;
        stop.abort();
        const ran = await running;
        assert.equal(ran.outcome.kind, 'succeeded');
        assert.match(ran.stdout, /^ep-unserved /m);
        assert.ok((ran.services ?? []).every(({ endpoints }) => endpoints === undefined));
      } finally {
        await met.dispose();
      }
    });

    const { narrowUser } = production;
    if (narrowUser === undefined) return;
    it('says that nothing is known to somebody who really may not list them', async () => {
      const narrow = open(site.server, site.authority, narrowUser);
      try {
        const ran = await run(selected, narrow);
        assert.equal(ran.outcome.kind, 'succeeded', ran.stderr);
        assert.match(ran.stdout, /^ep-unserved /m);
        assert.ok((ran.services ?? []).length > 0);
        for (const { endpoints, because = '' } of ran.services ?? []) {
          assert.equal(endpoints, undefined);
          assert.match(because, /403 Forbidden/);
        }
      } finally {
        await narrow.dispose();
      }
    });
  });
}
