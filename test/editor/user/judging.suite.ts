import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runbookFrame, waitUntil } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { filesRead, inCluster, inFiles, textOf } from '../../support/judgedBooks.ts';
import { createRunbookPage, type RunbookPage } from '../../support/runbookPage.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { createCertificates } from '../../lab/kubernetes/certificates.ts';
import { writeKubeconfig } from '../../unit/executors/kubernetes/kubernetesFixtures.ts';

/** A cluster with the simulator's `production`, to be met through a proxy that can cut it off. */
export interface JudgingProduction {
  readonly name: string;
  cluster(simulator: Simulator): Promise<JudgedCluster>;
}
export interface JudgedCluster {
  readonly server: string;
  /** PEM of who signed an `https:` server's certificate. */
  readonly authority?: string;
  /** Of somebody who may do everything in `production`. */
  readonly token?: string;
}

const api = '/api/v1/namespaces/production';
const deployment = '/apis/apps/v1/namespaces/production/deployments/catalog';

/** Conditions and assertions from the button on the page to the card: so, not so, and nobody there to ask. */
export function describeJudging(production: JudgingProduction): void {
  describe(`conditions and assertions, on ${production.name}`, function () {
    this.timeout(240_000);
    let sample: SampleEditor;
    let book: RunbookPage;
    let proxy: FaultProxy;
    /** The test's own way to the cluster. */
    let own: FaultProxy;
    let token: string | undefined;
    let health: Server;
    let status = 503;
    const folder = mkdtempSync(path.join(tmpdir(), 'incident-judging-'));

    before(async () => {
      health = createServer((_request, response) => response.writeHead(status).end('said\n'));
      await once(health.listen(0, '127.0.0.1'), 'listening');
      const { port } = health.address() as AddressInfo;
      const books = [inFiles, inCluster(`http://127.0.0.1:${port}/health`)];
      sample = await openSampleEditor({
        kubeconfig: path.join(folder, 'config'),
        files: {
          'runbooks/judged.md': `---\nir.keepGoing: true\n---\n# Judged\n\n## Runbooks\n\n${books.map(textOf).join('\n')}`,
        },
        settings: { 'incident.shell.readOnlyCommands': ['cat'] },
        prepare: async (simulator) => {
          const { server, authority, ...user } = await production.cluster(simulator);
          ({ token } = user);
          const upstream = authority === undefined ? {} : { authority };
          own = await startFaultProxy(server, upstream);
          // The product sends no token over plain http.
          const made = await createCertificates(folder, { name: 'nobody', group: 'nobody' });
          const certificate = {
            certificate: readFileSync(made.server.certificate, 'utf8'),
            key: readFileSync(made.server.key, 'utf8'),
          };
          proxy = await startFaultProxy(server, { ...upstream, certificate });
          const cluster = { 'certificate-authority': made.authority.certificate };
          const judged = { name: 'judged', namespace: 'production', server: proxy.url, cluster, user };
          writeKubeconfig(folder, [judged], 'judged');
        },
      });
      book = createRunbookPage(sample);
      await declareIncident(sample.page, 'Judged', /^judged \/ production$/);
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await screenshot(sample.page, 'failed-judging');
    });
    after(async () => {
      if (own) {
        await ask('PATCH', deployment, { spec: { replicas: 2 } });
        await ask('DELETE', `${api}/services/judged`);
      }
      await sample?.dispose();
      await proxy?.dispose();
      await own?.dispose();
      health?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Asks the cluster past the product. */
    const ask = async (method: string, at: string, body?: object): Promise<unknown> => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const response = await fetch(`${own.url}${at}`, {
        method,
        headers: {
          'content-type': type,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await response.text();
      assert.ok(response.ok, text);
      return JSON.parse(text) as unknown;
    };
    const scaleTo = async (replicas: number): Promise<void> => {
      await ask('PATCH', deployment, { spec: { replicas } });
      await waitUntil(`${replicas} ready pods of catalog`, async () => {
        const { status: now } = (await ask('GET', deployment)) as {
          status: { replicas?: number; readyReplicas?: number };
        };
        const list = (await ask('GET', `${api}/pods?labelSelector=app%3Dcatalog`)) as { items: object[] };
        return now.readyReplicas === replicas && now.replicas === replicas && list.items.length === replicas;
      });
    };
    const readyBehind = async (): Promise<number> => {
      const slices = '/apis/discovery.k8s.io/v1/namespaces/production/endpointslices';
      const asked = `${slices}?labelSelector=kubernetes.io/service-name%3Djudged`;
      const { items } = (await ask('GET', asked)) as {
        items: { endpoints?: { conditions?: { ready?: boolean } }[] | null }[];
      };
      return items
        .flatMap(({ endpoints }) => endpoints ?? [])
        .filter(({ conditions }) => conditions?.ready !== false).length;
    };
    const file = (name: string): string => path.join(sample.folder, 'runbooks', name);
    const write = (texts: Readonly<Record<string, string>>): void => {
      for (const [name, text] of Object.entries(texts)) writeFileSync(file(name), text);
    };

    const rounds: readonly (readonly [name: string, prepare: () => Promise<void>])[] = [
      [
        'that hold',
        async () => {
          write(filesRead[0]!);
          await ask('POST', `${api}/services`, {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'judged', namespace: 'production' },
            spec: { selector: { app: 'nobody' }, ports: [{ port: 80, targetPort: 8080 }] },
          });
          await scaleTo(3);
        },
      ],
      [
        'that do not hold',
        async () => {
          write(filesRead[1]!);
          rmSync(file('ready.txt'));
          status = 200;
          await ask('PATCH', `${api}/services/judged`, { spec: { selector: { app: 'catalog' } } });
          await scaleTo(2);
          await waitUntil('endpoints of the service', async () => (await readyBehind()) === 2);
        },
      ],
      [
        'whose source is out of reach',
        () => {
          for (const name of Object.keys(filesRead[1]!)) rmSync(file(name));
          // A pipe into which nobody writes: its reader waits until it is ended.
          execFileSync('mkfifo', [file('ready.txt')]);
          health.close();
          health.closeAllConnections();
          proxy.fault = { kind: 'cut', afterBytes: 0 };
          proxy.dropConnections();
          return Promise.resolve();
        },
      ],
    ];
    for (const [round, [name, prepare]] of rounds.entries())
      describe(name, () => {
        before(prepare);
        // The health check's address is known only when it runs.
        for (const [at, { title, looks, cases }] of [inFiles, inCluster('')].entries())
          describe(title, () => {
            before(async () => {
              await book.open(title);
              const ended = sample.events('RunAllEnded').length;
              await runbookFrame(sample.page)
                .getByRole('region', { name: 'All steps' })
                .getByRole('button', { name: 'Run all steps tagged look', exact: true })
                .click();
              await sample.journalHas('RunAllEnded', ended + 1);
            });
            for (const [index, { asserts = {} }] of looks.entries())
              for (const [assertion, says] of Object.entries(asserts))
                it(`${assertion}: ${says[round]!}`, () => book.says(index + 1, says[round]!));
            for (const [index, [condition, ...says]] of cases.entries())
              it(`${condition}: ${['applies', 'does not apply', 'nobody can tell'][round]}`, () =>
                book.says(looks.length + index + 1, says[round]!));
            it('runs nothing by itself', () => {
              const runs = sample.events('RunStarted').filter(({ command }) => /^echo/.test(String(command)));
              assert.deepEqual(runs, [], `book ${at}`);
            });
          });
      });
  });
}
