import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestOptions } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { parseArgs } from 'node:util';

/**
 * A second Kubernetes server for tests of the pinned target: it passes everything on to the lab's API server and
 * writes each request into a log file, one line `{"at","method","path"}` per request, written before anything is passed
 * on. A test that must not reach it asserts that the file is empty.
 *
 *   node secondServer.ts --port P --upstream https://127.0.0.1:P --certificate F --key F --authority F --log F
 */
const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { port: text, upstream: text, certificate: text, key: text, authority: text, log: text },
});
const { port, upstream, certificate, key, authority, log } = values;
if (!port || !upstream || !certificate || !key || !authority || !log) {
  throw new Error('Usage: secondServer.ts --port --upstream --certificate --key --authority --log');
}
writeFileSync(log, '');

const target = new URL(upstream);
const agent = new https.Agent({ keepAlive: true, ca: readFileSync(authority) });

function record({ method = '', url = '' }: IncomingMessage): void {
  // The probe of whoever starts it, not a request for the cluster.
  if (url === '/lab/ready') return;
  appendFileSync(log ?? '', `${JSON.stringify({ at: new Date().toISOString(), method, path: url })}\n`);
}

const optionsOf = ({ method, url, headers }: IncomingMessage): RequestOptions => ({
  host: target.hostname,
  port: target.port,
  method: method ?? 'GET',
  path: url ?? '/',
  headers: { ...headers, host: target.host },
});

const server = https.createServer({ cert: readFileSync(certificate), key: readFileSync(key) });

server.on('request', (request, response) => {
  record(request);
  if (request.url === '/lab/ready') {
    response.end('ok');
    return;
  }
  const onward = https.request({ ...optionsOf(request), agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
  });
  onward.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end(error.message);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
});

// exec, attach and port-forward: from the answer on, bytes go both ways.
server.on('upgrade', (request, socket: Socket, head) => {
  record(request);
  const onward = https.request({ ...optionsOf(request), ca: readFileSync(authority), agent: false });
  const refuse = () => socket.destroy();
  socket.on('error', () => onward.destroy());
  onward.on('error', refuse);
  onward.on('upgrade', (answer, upstreamSocket: Socket, upstreamHead: Buffer) => {
    socket.write(headOf(answer));
    socket.write(upstreamHead);
    upstreamSocket.write(head);
    upstreamSocket.on('error', refuse).on('close', refuse);
    socket.on('close', () => upstreamSocket.destroy());
    upstreamSocket.pipe(socket).pipe(upstreamSocket);
  });
  onward.on('response', (answer) => {
    socket.write(headOf(answer));
    answer.pipe(socket);
  });
  onward.end();
});

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

server.listen(Number(port), '127.0.0.1');
