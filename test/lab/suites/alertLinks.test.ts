import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertFingerprint } from '../../../src/core/signals/alertFingerprint.ts';
import { parseIncidentUri } from '../../../src/core/signals/parseIncidentUri.ts';
import { waitFor } from '../../contract/suites/alertSite.ts';
import { ensureAlertmanager } from '../builds/alertmanager.ts';
import { freePort } from '../freePort.ts';

/** The template of docs/links.md, filled in by a real Alertmanager and sent as PagerDuty is sent it. */
describe('the link that an Alertmanager template carries', function () {
  this.timeout(60_000);
  let folder = '';
  let alertmanager: ChildProcess | undefined;
  let pager: Server | undefined;
  const links: string[] = [];

  before(async () => {
    const page = await readFile(new URL('../../../docs/links.md', import.meta.url), 'utf8');
    const template = /```gotemplate\n([\s\S]*?)```/.exec(page)?.[1];
    assert.ok(template, 'docs/links.md has no template');
    folder = await mkdtemp(join(tmpdir(), 'incident-links-'));
    pager = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const event = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { links?: { href: string }[] };
        links.push(...(event.links ?? []).map(({ href }) => href));
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success"}');
      });
    });
    await once(pager.listen(0, '127.0.0.1'), 'listening');
    await writeFile(join(folder, 'incident.tmpl'), template);
    const config = {
      templates: [join(folder, '*.tmpl')],
      route: { receiver: 'pager', group_by: ['alertname'], group_wait: '1s' },
      receivers: [
        {
          name: 'pager',
          pagerduty_configs: [
            {
              routing_key: 'simulated-routing-word',
              url: `http://127.0.0.1:${(pager.address() as AddressInfo).port}/v2/enqueue`,
              links: [{ text: 'Declare in VS Code', href: '{{ template "incident.declare" . }}' }],
            },
          ],
        },
      ],
    };
    await writeFile(join(folder, 'alertmanager.yml'), JSON.stringify(config));
    const port = await freePort();
    alertmanager = spawn(
      await ensureAlertmanager(),
      [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${folder}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    const url = `http://127.0.0.1:${port}`;
    await waitFor('Alertmanager', async () =>
      (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok ? true : undefined,
    );
    const sent = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels, annotations, startsAt: '2026-11-23T10:12:00.5Z' }]),
    });
    assert.equal(sent.status, 200, await sent.text());
  });
  after(async () => {
    if (alertmanager?.exitCode === null) {
      const ended = once(alertmanager, 'exit');
      alertmanager.kill();
      await ended;
    }
    pager?.closeAllConnections();
    pager?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const labels = { alertname: 'PaymentErrorRateHigh', severity: 'critical', service: 'payment-service' };
  const annotations = {
    summary: 'Cart & checkout fail: "50%" of requests',
    runbook_url: 'https://git.example.com/runbooks/blob/main/guide.md?plain=1#high-error-rate',
  };

  it('is read with every value that the alert has', async () => {
    const href = await waitFor('the page', () => Promise.resolve(links[0]));
    const { protocol, host, pathname, search } = new URL(href);
    assert.equal(`${protocol}//${host}`, 'vscode://incident-response.incident-response');
    // VS Code hands the query over decoded.
    const read = parseIncidentUri({ path: pathname, query: decodeURIComponent(search.slice(1)) });
    assert.deepEqual(read, {
      ok: true,
      value: {
        kind: 'declare',
        title: annotations.summary,
        severity: 'critical',
        service: 'payment-service',
        startsAt: '2026-11-23T10:12:00.000Z',
        fingerprint: alertFingerprint(labels),
        runbook: annotations.runbook_url,
      },
    });
  });
});
