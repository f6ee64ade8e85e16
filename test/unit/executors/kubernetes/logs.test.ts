import assert from 'node:assert/strict';
import { collectOutput, untilDone } from '../collectOutput.ts';
import { useFakeCluster } from './fakeCluster.ts';
import { kubernetesPlan, logs, pod, podList, status } from './kubernetesFixtures.ts';

const tail = (lines: number) => ({ name: 'tail', lines }) as const;
const grep = (pattern: string) =>
  ({
    name: 'grep',
    pattern,
    ignoreCase: false,
    invert: false,
    extended: false,
    fixed: false,
    count: false,
  }) as const;

describe('kubernetes logs', () => {
  const cluster = useFakeCluster();
  const isLog = (path: string) => path.includes('/log?') || path.endsWith('/log');
  const podOf = (path: string) => /pods\/([^/?]+)/.exec(path)?.[1] ?? '';

  it('read the whole window of every pod for a selector, one after another', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return podList('a', 'b', 'c');
      response.end(`${podOf(path)} 1\n${podOf(path)} 2`);
      return undefined;
    };
    const { outcome, output } = await cluster.run(logs({ selector: 'app=pay', sinceSeconds: 600 }));
    assert.equal(output.stdout, 'a 1\na 2\nb 1\nb 2\nc 1\nc 2\n');
    assert.deepEqual(outcome, { kind: 'succeeded', exitCode: 0 });
    const query = new URL(cluster.api.requests.find(({ path }) => isLog(path))?.path ?? '', cluster.api.url)
      .searchParams;
    assert.deepEqual([query.get('sinceSeconds'), query.get('tailLines')], ['600', '33335']);
  });

  describe('in order of time', () => {
    const at = (second: number, zone = '.000000000Z') =>
      `2026-11-23T10:00:${String(second).padStart(2, '0')}${zone}`;
    const answering = (texts: Readonly<Record<string, string>>): void => {
      cluster.api.answer = (path, _request, response) => {
        if (!isLog(path)) return podList(...Object.keys(texts));
        response.end(texts[podOf(path)]);
        return undefined;
      };
    };
    const timed = logs({ selector: 'app=pay', order: 'time' });

    it('put the lines of all pods together, each with its pod, without the times unless asked', async () => {
      answering({
        a: `${at(1)} one\n${at(4)} four\n  and its second line\n${at(9)} nine`,
        b: `${at(2)} two\n${at(4)} also four\n`,
        c: `2026-11-23T12:00:03.5+02:00 three\n`,
      });
      const { output, outcome } = await cluster.run(timed);
      const lines = [
        ['a', 'one'],
        ['b', 'two'],
        ['c', 'three'],
        ['a', 'four'],
        ['a', '  and its second line'],
        ['b', 'also four'],
        ['a', 'nine'],
      ];
      assert.equal(output.stdout, lines.map(([pod, text]) => `[pod/${pod}/app] ${text}\n`).join(''));
      assert.deepEqual(outcome, { kind: 'succeeded', exitCode: 0 });
      const stamped = await cluster.run({ ...timed, timestamps: true });
      assert.match(stamped.output.stdout, /^\[pod\/a\/app\] 2026-11-23T10:00:01\.000000000Z one\n/);
    });

    it('put nothing in front of lines that are searched or counted', async () => {
      answering({ app: `${at(1)} fine\n`, other: `${at(2)} an app error\n` });
      const { output } = await cluster.run(timed, { filters: [grep('app')] });
      assert.equal(output.stdout, 'an app error\n');
      answering({ only: 'alone\n' });
      assert.equal((await cluster.run(timed)).output.stdout, 'alone\n');
    });

    it('do not let one pod hold back the others for ever', async () => {
      let release = (): void => {};
      cluster.api.answer = (path, _request, response) => {
        if (!isLog(path)) return podList('dead', 'b');
        if (podOf(path) === 'dead') release = () => response.end(`${at(1)} late\n`);
        else response.end(`${at(2)} here\n`);
        return undefined;
      };
      const output = collectOutput();
      const running = cluster.executor.run(kubernetesPlan(timed), output, untilDone());
      await output.seen('here');
      assert.match(output.stderr, /No line yet from dead\/app/);
      release();
      assert.equal((await running).kind, 'succeeded');
      assert.equal(output.stdout, '[pod/b/app] here\n[pod/dead/app] late\n');
    });

    it('show what was read of a log that was cut, and the others', async () => {
      cluster.api.answer = (path, _request, response) => {
        if (!isLog(path)) return podList('cut', 'b', 'gone');
        if (podOf(path) === 'gone') return status(404, 'NotFound', 'pods "gone" not found');
        response.write(`${at(podOf(path) === 'cut' ? 1 : 2)} ${podOf(path)}\n`);
        if (podOf(path) === 'cut') setTimeout(() => response.destroy(), 20);
        else response.end();
        return undefined;
      };
      const { output, outcome } = await cluster.run(timed);
      assert.equal(output.stdout, '[pod/cut/app] cut\n[pod/b/app] b\n');
      assert.match(output.stderr, /pods "gone" not found/);
      assert.match(output.stderr, /The log of cut\/app was cut off/);
      assert.ok(outcome.kind === 'succeeded' && /1 of 3 logs could be read/.test(outcome.detail ?? ''));
    });

    it('stop in the middle', async () => {
      cluster.api.answer = (path, _request, response) => {
        if (!isLog(path)) return podList('a', 'b');
        response.write(`${at(podOf(path) === 'a' ? 1 : 2)} ${podOf(path)}\n`);
        return undefined;
      };
      const stop = new AbortController();
      const output = collectOutput();
      const running = cluster.executor.run(kubernetesPlan(timed), output, stop.signal);
      await output.seen('a');
      stop.abort();
      assert.deepEqual(await running, { kind: 'stopped' });
    });
  });

  it('name a pod that is gone and show the others', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return podList('a', 'gone', 'c');
      if (podOf(path) === 'gone') return status(404, 'NotFound', 'pods "gone" not found');
      response.end(`${podOf(path)}\n`);
      return undefined;
    };
    const { outcome, output } = await cluster.run(logs({ selector: 'app=pay' }));
    assert.equal(output.stdout, 'a\nc\n');
    assert.equal(output.stderr, 'Error from server (NotFound): pods "gone" not found\n');
    assert.ok(outcome.kind === 'succeeded');
    assert.match(outcome.detail ?? '', /2 of 3 logs could be read/);
    const filtered = await cluster.run(logs({ selector: 'app=pay' }), { filters: [grep('error')] });
    assert.ok(
      filtered.outcome.kind === 'succeeded',
      'nothing found in part of the logs is not "nothing there"',
    );
    assert.match(filtered.outcome.detail ?? '', /found nothing in what could be read.*2 of 3/);
  });

  it('fail when no pod could be read', async () => {
    cluster.api.answer = (path) =>
      isLog(path) ? status(404, 'NotFound', 'pods "a" not found') : podList('a');
    const { outcome } = await cluster.run(logs({ selector: 'app=pay' }));
    assert.deepEqual([outcome.kind, outcome.kind === 'failed' && outcome.status], ['failed', 404]);
  });

  it('load six at a time', async () => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return podList(...Array.from({ length: 9 }, (_, index) => `p${index}`));
      most = Math.max(most, ++open);
      waiting.push(() => {
        open--;
        response.end(`${podOf(path)}\n`);
      });
      if (waiting.length >= Math.min(6, 9)) for (const finish of waiting.splice(0)) finish();
      else if (cluster.api.requests.length === 10) for (const finish of waiting.splice(0)) finish();
      return undefined;
    };
    const { output } = await cluster.run(logs({ selector: 'app=pay' }));
    assert.equal(output.stdout, 'p0\np1\np2\np3\np4\np5\np6\np7\np8\n');
    assert.equal(most, 6);
  });

  it('show the newest of more than 100,000 lines for a selector, and say where there are older ones', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return podList('a', 'b', 'c', 'd');
      const wanted = Number(new URL(path, cluster.api.url).searchParams.get('tailLines'));
      response.end('x\n'.repeat(podOf(path) === 'b' ? 10 : wanted));
      return undefined;
    };
    const { outcome, output } = await cluster.run(logs({ selector: 'app=pay' }));
    assert.equal(output.stdout.length, 2 * (3 * 25_001 + 10));
    assert.match(
      output.stderr,
      /Only the newest 25,000 lines of each log are shown\. There are older ones in a\/app, c\/app, d\/app/,
    );
    assert.ok(outcome.kind === 'succeeded' && /newest 25,000 lines/.test(outcome.detail ?? ''));
  });

  it('follow no more logs than is asked for', async () => {
    cluster.api.answer = () => podList('a', 'b', 'c');
    const { outcome } = await cluster.run(logs({ selector: 'app=pay', follow: true, maxLogRequests: 2 }));
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /attempting to follow 3 log streams, but maximum allowed concurrency is 2/);
    assert.ok(!cluster.paths().some(isLog));
  });

  it('say that a pod has no such container, without asking for it', async () => {
    cluster.api.answer = () => pod('a', ['app', 'proxy']);
    const { outcome } = await cluster.run(logs({ resource: 'a', container: 'db' }));
    assert.equal(
      outcome.kind === 'failed' && outcome.message,
      'error: container db is not valid for pod a out of: app, proxy',
    );
    assert.ok(!cluster.paths().some(isLog));
  });

  it('print 100,000 lines of one pod whole, waiting for a slow sink', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return pod('a');
      for (let part = 0; part < 100; part++) response.write('a line of the log\n'.repeat(1000));
      response.end();
      return undefined;
    };
    let inside = 0;
    let most = 0;
    const output = collectOutput(async () => {
      most = Math.max(most, ++inside);
      await new Promise((next) => setImmediate(next));
      inside--;
    });
    const outcome = await cluster.executor.run(kubernetesPlan(logs({ resource: 'a' })), output, untilDone());
    assert.equal(outcome.kind, 'succeeded');
    assert.equal(output.stdout.split('\n').length, 100_001);
    assert.equal(most, 1);
  });

  it('put letters together that were split between two pieces', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return pod('a');
      const bytes = Buffer.from('größe 数\n');
      response.write(bytes.subarray(0, 3));
      setTimeout(() => response.end(bytes.subarray(3)), 20);
      return undefined;
    };
    assert.equal((await cluster.run(logs({ resource: 'a' }))).output.stdout, 'größe 数\n');
  });

  it('prefix each line with its pod and container', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return { ...podList(), items: [pod('a', ['app', 'proxy'])] };
      response.end(`one\ntwo\n`);
      return undefined;
    };
    const { output } = await cluster.run(logs({ selector: 'app=pay', allContainers: true, prefix: true }));
    assert.equal(output.stdout, '[pod/a/app] one\n[pod/a/app] two\n[pod/a/proxy] one\n[pod/a/proxy] two\n');
  });

  it('say which container was taken when there was a choice', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return pod('a', ['app', 'proxy']);
      response.end(new URL(path, cluster.api.url).searchParams.get('container'));
      return undefined;
    };
    const { output } = await cluster.run(logs({ resource: 'a' }));
    assert.equal(output.stdout, 'app\n');
    assert.equal(output.stderr, 'Defaulted container "app" out of: app, proxy\n');
  });

  it('say that a log was cut off, and do not call it read', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return pod('a');
      response.write('one\n');
      setTimeout(() => response.destroy(), 20);
      return undefined;
    };
    const { outcome, output } = await cluster.run(logs({ resource: 'a' }));
    assert.equal(output.stdout, 'one\n');
    assert.match(output.stderr, /The log of a\/app was cut off: The connection to .* was cut/);
    assert.equal(outcome.kind, 'failed');
  });

  it('follow several pods by whole lines until stopped', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return podList('a', 'b');
      response.write(`${podOf(path)} be`);
      setTimeout(() => response.write('gin\n'), podOf(path) === 'a' ? 40 : 10);
      return undefined;
    };
    const stop = new AbortController();
    const output = collectOutput();
    const running = cluster.executor.run(
      kubernetesPlan(logs({ selector: 'app=pay', follow: true })),
      output,
      stop.signal,
    );
    await output.seen('a begin');
    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.equal(output.stdout, 'b begin\na begin\n');
  });

  it('end following once head has its lines', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return pod('a');
      response.write('1\n2\n3\n');
      return undefined;
    };
    const { outcome, output } = await cluster.run(logs({ resource: 'a', follow: true }), {
      filters: [{ name: 'head', lines: 2 }],
    });
    assert.deepEqual([outcome.kind, output.stdout], ['succeeded', '1\n2\n']);
  });

  it('stop while the sink is full, and print nothing afterwards', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return pod('a');
      response.end('x\n'.repeat(500_000));
      return undefined;
    };
    const stop = new AbortController();
    let open = (): void => {};
    const output = collectOutput(() => new Promise((resolve) => (open = resolve)));
    const running = cluster.executor.run(kubernetesPlan(logs({ resource: 'a' })), output, stop.signal);
    await output.seen('x');
    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
    const printed = output.stdout.length;
    open();
    await new Promise((next) => setImmediate(next));
    assert.equal(output.stdout.length, printed, 'nothing is printed once the run has ended');
  });

  it('keep the last lines with a filter', async () => {
    cluster.api.answer = (path, _request, response) => {
      if (!isLog(path)) return podList('a', 'b');
      response.end(`${podOf(path)} 1\n${podOf(path)} 2\n`);
      return undefined;
    };
    assert.equal(
      (await cluster.run(logs({ selector: 'app=pay' }), { filters: [tail(3)] })).output.stdout,
      'a 2\nb 1\nb 2\n',
    );
  });
});
