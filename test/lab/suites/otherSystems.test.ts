import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DescribeDBClustersCommand, FailoverDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { readLab, type LabDescription } from '../labDescription.ts';

const run = promisify(execFile);

describe('the lab', () => {
  let lab: LabDescription;
  before(async () => {
    lab = await readLab(
      ...([
        'argoCd',
        'aws',
        'emulate',
        'kubernetes',
        'postgresql',
        'prometheus',
        'unleash',
        'redis',
      ] as const),
    );
  });

  describe('Argo CD', () => {
    const argocd = (...args: string[]) => run(lab.argoCd.argocd, [...args, ...lab.argoCd.arguments]);
    const image = async (name: string) => {
      const { kubectl, kubeconfigs } = lab.kubernetes;
      const path = '{.spec.template.spec.containers[0].image}';
      const asked = ['get', 'deployment', name, '-n', lab.argoCd.destination, '-o', `jsonpath=${path}`];
      return (await run(kubectl, ['--kubeconfig', kubeconfigs.admin, ...asked])).stdout;
    };

    it('rolls the manual application back to an old release and forward again', async () => {
      const { name, releases } = lab.argoCd.applications.manual;
      // Ids go up with every rollback of any suite, and the oldest are forgotten.
      const { stdout } = await argocd('app', 'history', name);
      const kept = [...stdout.matchAll(/^(\d+) .*\(([0-9a-f]{7})\)$/gm)].map(
        ([, id = '', revision = '']) => ({
          id,
          version: releases.find((release) => release.revision.startsWith(revision))?.version,
        }),
      );
      const live = kept.at(-1);
      const old = kept.find(({ version }) => version !== live?.version);
      assert.ok(live?.version && old?.version, stdout);
      await argocd('app', 'rollback', name, old.id);
      assert.match(await image(name), new RegExp(`:${old.version}$`));
      await argocd('app', 'rollback', name, live.id);
      assert.match(await image(name), new RegExp(`:${live.version}$`));
    });

    it('lists each release in the history', async () => {
      const { name, releases } = lab.argoCd.applications.automated;
      const { stdout } = await argocd('app', 'history', name);
      for (const { revision } of releases) assert.match(stdout, new RegExp(`\\(${revision.slice(0, 7)}\\)`));
    });

    it('refuses to roll an application back that syncs itself', async () => {
      await assert.rejects(
        argocd('app', 'rollback', lab.argoCd.applications.automated.name, '0'),
        /FailedPrecondition.*rollback cannot be initiated when auto-sync is enabled/,
      );
    });

    for (const owner of ['fromSet', 'child'] as const) {
      it(`puts the sync policy back of an application that is ${owner}`, async () => {
        const { name } = lab.argoCd.applications[owner];
        const ask = async (method: string, body?: object) => {
          const response = await fetch(`${lab.argoCd.url}/api/v1/applications/${name}`, {
            method,
            headers: {
              authorization: `Bearer ${lab.argoCd.tokens.incident}`,
              'content-type': 'application/json',
            },
            ...(body ? { body: JSON.stringify(body) } : {}),
          });
          assert.equal(response.status, 200);
          return (await response.json()) as { spec: object };
        };
        const patch = JSON.stringify({ spec: { syncPolicy: { automated: null } } });
        const { spec } = await ask('PATCH', { patchType: 'merge', patch });
        assert.equal('syncPolicy' in spec, false);
        await until(async () => 'syncPolicy' in (await ask('GET')).spec);
      });
    }
  });

  it('has a database whose writer moves when told', async () => {
    const { endpoint, region, accessKeyId, secretAccessKey, cluster, members } = lab.aws;
    const rds = new RDSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const writer = async () => {
      const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }));
      const found = DBClusters?.[0]?.DBClusterMembers?.find((member) => member.IsClusterWriter);
      return found?.DBInstanceIdentifier;
    };
    for (const target of [members[2], members[0]]) {
      assert.ok(target);
      await rds.send(
        new FailoverDBClusterCommand({ DBClusterIdentifier: cluster, TargetDBInstanceIdentifier: target }),
      );
      assert.equal(await writer(), target);
    }
    rds.destroy();
  });

  it('reaches its PostgreSQL from within a pod, where somebody sits in a transaction', async () => {
    const { kubectl, kubeconfigs } = lab.kubernetes;
    const as = ['--kubeconfig', kubeconfigs.responder, '-n', 'production'];
    const query = "SELECT application_name FROM pg_stat_activity WHERE state = 'idle in transaction'";
    const { stdout } = await run(kubectl, [...as, 'exec', 'postgres-0', '--', 'psql', '-XAtc', query]);
    assert.equal(stdout.trim(), 'payment-worker');
  });

  it('fires an alert, and resolves the other one when its target answers', async () => {
    const { alertmanagerUrl, firingAlert, answeredAlert } = lab.prometheus;
    const firing = async (name: string) => {
      const response = await fetch(`${alertmanagerUrl}/api/v2/alerts`);
      const alerts = (await response.json()) as { labels: { alertname: string } }[];
      return alerts.some((alert) => alert.labels.alertname === name);
    };
    assert.equal(await firing(firingAlert), true);
    await until(() => firing(answeredAlert.name));
    const target = http.createServer((_, response) => {
      response.setHeader('content-type', 'text/plain').end('lab_answers 1\n');
    });
    await new Promise<void>((resolve) =>
      target.listen(Number(new URL(answeredAlert.url).port), '127.0.0.1', resolve),
    );
    try {
      await until(async () => !(await firing(answeredAlert.name)));
    } finally {
      target.closeAllConnections();
      target.close();
    }
  });

  it('switches a flag off and on', async () => {
    const { url, adminToken, project, environment, enabledFlag } = lab.unleash;
    const flag = `${url}/api/admin/projects/${project}/features/${enabledFlag}/environments/${environment}`;
    const headers = { authorization: adminToken };
    for (const [turn, enabled] of [
      ['off', false],
      ['on', true],
    ] as const) {
      assert.equal((await fetch(`${flag}/${turn}`, { method: 'POST', headers })).status, 200);
      const state = (await (await fetch(flag, { headers })).json()) as { enabled: boolean };
      assert.equal(state.enabled, enabled);
    }
  });

  it('posts to its Slack and opens an issue at its GitHub', async () => {
    const { slackUrl, githubUrl, token, channel, repository } = lab.emulate;
    const post = async (url: string, body: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as { ok?: boolean; number?: number };
    };
    const text = 'Investigating';
    assert.equal((await post(`${slackUrl}/api/chat.postMessage`, { channel, text })).ok, true);
    const issue = await post(`${githubUrl}/repos/${repository}/issues`, { title: text });
    assert.equal(typeof issue.number, 'number');
  });
});

/** Waits until it is so; the suite's time limit ends a wait that is in vain. */
async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await wait(100);
}
