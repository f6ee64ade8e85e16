import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { failed, ok } from '../../../../src/core/errors.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import type { Executor } from '../../../../src/core/ports.ts';
import { runStep } from '../../../../src/core/run/runStep.ts';
import { createHttpExecutor } from '../../../../src/executors/http/httpExecutor.ts';
import { httpPlan, step } from '../../core/plan/planOf.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';
import { noApprovals } from '../../../support/approvalBuilders.ts';

const value = 'plainly a fake word: "ä/+&"';
const pair = Buffer.from(`ana:${value}`).toString('base64');
/** Every shape in which the value could be read from a text. */
const shapes = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), pair];

describe('secrets in http steps', () => {
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage, body: string, response: ServerResponse) => void;
  beforeEach(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => answer(request, body, response));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  /** Runs a command from the click to the journal; gives everything that is shown or kept. */
  async function run(command: string, secret: string | undefined = value) {
    const recorded: Command[] = [];
    const shown: unknown[] = [];
    const kept: string[] = [];
    const plan = httpPlan(command, { target: {} });
    const executor = createHttpExecutor({
      env: () => ({}),
      secrets: (name) => Promise.resolve(name === 'API_TOKEN' ? secret : undefined),
    });
    const incident = {
      id: 'i',
      number: '1',
      status: 'active',
      target: {},
      events: [],
    } as unknown as Incident;
    const outcome = await runStep(
      { incident, sequence: 's', step: step(command), plan, trusted: true },
      {
        approvals: noApprovals,
        executorFor: () => Promise.resolve(executor as Executor),
        now: () => '2026-11-23T10:00:00.000Z',
        newId: () => 'run-1',
        checkTarget: () => undefined,
        confirm: (request) => Promise.resolve(shown.push(request) ? 'run' : 'cancel'),
        record: (one) => Promise.resolve(recorded.push(one) ? ok(incident) : ok(incident)),
        keepPoints: () => Promise.resolve(failed('storage', 'no points come here')),
        openOutput: () =>
          Promise.resolve(
            ok({
              write: (text: string) => void kept.push(text),
              end: () => Promise.resolve({ file: 'f', bytes: 0, lines: 0, sha256: '' }),
              failure: undefined,
            }),
          ),
        view: {
          started: (live) => void shown.push(live),
          wrote: () => undefined,
          ended: (...all) => void shown.push(all),
        },
      },
      untilDone(),
    );
    return {
      outcome,
      output: kept.join(''),
      all: JSON.stringify([recorded, shown, outcome]) + kept.join(''),
    };
  }
  const clean = (all: string): void => {
    for (const shape of shapes) assert.ok(!all.includes(shape), `${shape} is shown`);
  };

  it('sends a secret to no other server than the one that was agreed to, in whatever header it stands', async () => {
    const got: (readonly [string | undefined, string])[] = [];
    const other = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        got.push([request.headers['x-api-key'] as string | undefined, body]);
        response.end('ok');
      });
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    try {
      const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/there`;
      answer = (_request, _body, response) => response.writeHead(307, { location: to }).end();
      await run(`curl -L -H "X-Api-Key: $API_TOKEN" ${url}/here`, 'plainword');
      assert.deepEqual(got, [[undefined, '']]);
      got.length = 0;
      const ran = await run(`curl -L -X POST -d "key=$API_TOKEN" ${url}/here`, 'plainword');
      assert.deepEqual(got, []);
      assert.match(JSON.stringify(ran), /would take a secret to another server/);
    } finally {
      other.close();
      other.closeAllConnections();
    }
  });

  it('reach the server, and neither journal, output nor preview', async () => {
    let asked: IncomingMessage['headers'] = {};
    answer = (request, body, response) => {
      asked = request.headers;
      response.setHeader('X-Echo', encodeURIComponent(String(request.headers.authorization)));
      response.end(`you said ${body} and ${request.headers.authorization} at ${request.url}`);
    };
    const command = `curl -i -v -u "ana:$API_TOKEN" -X POST -d "{\\"key\\": \\"$API_TOKEN\\"}" ${url}/x?key=1`;
    const { output, all, outcome } = await run(command);
    assert.ok(outcome.ok && outcome.value.kind === 'succeeded', all);
    assert.equal(asked.authorization, `Basic ${pair}`);
    clean(all);
    assert.match(output, /you said \{"key": "\*\*\*"\} and Basic \*\*\* at/);
    assert.match(all, /\$API_TOKEN/);
  });

  it('stay hidden in redirects, errors and the sentences about them', async () => {
    // A header holds no letters beyond Latin 1.
    const word = 'fake-word-of-a-test';
    const bearer = '-H "X-Api-Key: $API_TOKEN"';
    answer = (request, _body, response) => {
      const key = String(request.headers['x-api-key']);
      if (request.url === '/x') response.writeHead(302, { location: `/y/${key}` }).end();
      else response.writeHead(403).end(`${key} is not known`);
    };
    const seen = await run(`curl -i -L ${bearer} ${url}/x`, word);
    assert.doesNotMatch(seen.all, /fake-word-of-a-test/);
    assert.match(seen.all, /answered 403/);
    assert.match(seen.output, /\*\*\* is not known/);
    const stayed = await run(`curl -i ${bearer} ${url}/x`, word);
    assert.doesNotMatch(stayed.all, /fake-word-of-a-test/);
    assert.match(stayed.all, /302 to \/y\/\*\*\*, not followed/);
  });

  it('stay hidden however the answer is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(value.length), { maxLength: 6 }), async (cuts) => {
        const bytes = Buffer.from(`<${value}${value}>`);
        const ends = [...cuts, bytes.length].sort((a, b) => a - b);
        answer = (_request, _body, response) => {
          const next = (at: number, index: number): void => {
            const end = ends[index];
            if (end === undefined) return void response.end();
            response.write(bytes.subarray(at, end).length > 0 ? bytes.subarray(at, end) : Buffer.alloc(0));
            setImmediate(() => next(end, index + 1));
          };
          next(0, 0);
        };
        const { output, all } = await run(`curl -u "ana:$API_TOKEN" ${url}/x`);
        clean(all);
        assert.equal(output, '<***>');
      }),
      { numRuns: 25 },
    );
  });

  it('are asked for by name when they are not set, and nothing is sent', async () => {
    answer = () => assert.fail('it was sent');
    for (const unset of [undefined, ' ']) {
      const executor = createHttpExecutor({ env: () => ({}), secrets: () => Promise.resolve(unset) });
      const output = collectOutput();
      const outcome = await executor.run(
        httpPlan(`curl -H "X-Api-Key: $API_TOKEN" ${url}`),
        output,
        untilDone(),
      );
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /Set the secret API_TOKEN with Incident: Set Secret/);
    }
  });

  it('cannot change where a request goes, nor break its head', async () => {
    answer = () => assert.fail('it was sent');
    for (const [command, word] of [
      [`curl -H "X-Api-Key: $API_TOKEN" ${url}`, 'one\r\nX-Other: two'],
      [`curl ${url}/$API_TOKEN`, 'a b'],
    ] as const) {
      const { all } = await run(command, word);
      assert.match(all, /Nothing was sent/);
      assert.ok(!all.includes(word));
    }
  });
});
