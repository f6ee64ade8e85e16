import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Pod } from '../../src/simulator/state/objects.ts';
import { removePodLogs, writePodLogs } from './kubernetes/podLogs.ts';

/**
 * Gives every pod of the lab logs of its own: watches pods, writes their log files and tells kwok of them by an object
 * of kind Logs, which goes when its pod goes. Nothing grows by itself, so two reads see the same; a test that wants a
 * growing log appends lines to the file.
 *
 *   node podLogKeeper.ts --server https://127.0.0.1:P --authority F --token-file F --folder F --ready-file F
 */
const option = { type: 'string' } as const;
const { values } = parseArgs({
  options: { server: option, authority: option, 'token-file': option, folder: option, 'ready-file': option },
});
const { server, authority, folder, 'token-file': tokenFile, 'ready-file': readyFile } = values;
if (!server || !authority || !folder || !tokenFile || !readyFile) {
  throw new Error('Usage: podLogKeeper.ts --server --authority --token-file --folder --ready-file');
}
const agent = new https.Agent({ keepAlive: true, ca: readFileSync(authority) });
const headers = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
const known = new Set<string>();

function ask(method: string, path: string, body?: object) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = https.request(`${server}${path}`, { method, agent, headers: { ...headers, ...type } });
    request.once('response', resolve).once('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function keep(pod: Pod): Promise<void> {
  const { name, namespace = 'default', uid } = pod.metadata;
  if (known.has(uid)) return;
  known.add(uid);
  const logs = writePodLogs(folder ?? '', pod, Date.now()).map(({ container, ...files }) => ({
    containers: [container],
    ...files,
    follow: true,
  }));
  const object = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Logs',
    metadata: { name, namespace },
    spec: { logs },
  };
  await askKwok('POST', namespace, '', object);
}

/** A pod of the same name may come again (a stateful set's): what belonged to this one goes first. */
async function forget({ metadata: { name, namespace = 'default', uid } }: Pod): Promise<void> {
  if (!known.delete(uid)) return;
  await askKwok('DELETE', namespace, `/${name}`);
  removePodLogs(folder ?? '', namespace, name);
}

async function askKwok(method: string, namespace: string, name: string, object?: object): Promise<void> {
  const answer = await ask(
    method,
    `/apis/kwok.x-k8s.io/v1alpha1/namespaces/${namespace}/logs${name}`,
    object,
  );
  answer.resume();
  const status = answer.statusCode ?? 0;
  if (status > 299) console.error(`${method} of the logs in ${namespace}${name} was refused with ${status}.`);
}

/** Reads one watch from the beginning to its end; every pod that exists comes first. */
async function watch(): Promise<void> {
  const answer = await ask('GET', '/api/v1/pods?watch=1');
  if (answer.statusCode !== 200) {
    answer.resume();
    throw new Error(`The watch of pods was answered with ${answer.statusCode}.`);
  }
  writeFileSync(readyFile ?? '', '');
  for await (const line of createInterface({ input: answer })) {
    const { type, object } = JSON.parse(line) as { type: string; object: Pod };
    if (type === 'DELETED') await forget(object);
    else if (type === 'ADDED') await keep(object);
    else if (type === 'ERROR') return;
  }
}

for (;;) {
  await watch().catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
  // The server closes a watch after a while, or it is not there for a moment.
  await wait(200);
}
