// A program: a session that took a lock and forgot to commit, as responders find them in pg_stat_activity.
import net from 'node:net';

/** A message of PostgreSQL's protocol: https://www.postgresql.org/docs/15/protocol-message-formats.html */
function message(type: string, ...texts: readonly string[]): Buffer {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** The first message has no type; its body is the protocol's version 3.0, then names and values. */
function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from([...Object.entries(parameters).flat(), ''].map((text) => `${text}\0`).join(''));
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}

const { PGHOST, PGPORT, PGUSER = '', PGDATABASE = '', PGPASSWORD = '' } = process.env;
const socket = net.connect({ host: PGHOST ?? '127.0.0.1', port: Number(PGPORT) }, () => {
  socket.write(startup({ user: PGUSER, database: PGDATABASE, application_name: 'payment-worker' }));
  socket.write(message('p', PGPASSWORD));
  socket.write(message('Q', 'BEGIN'));
  socket.write(message('Q', "UPDATE payments SET state = 'pending' WHERE id = 1"));
});
socket.resume().once('close', () => process.exit(1));
socket.once('error', (error) => process.stderr.write(`${error.message}\n`));
