import net from 'node:net';

/** A message of PostgreSQL's protocol: https://www.postgresql.org/docs/15/protocol-message-formats.html */
export function message(type: string, ...texts: readonly string[]): Buffer {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** The first message has no type; its body is the protocol's version 3.0, then names and values. */
export function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from([...Object.entries(parameters).flat(), ''].map((text) => `${text}\0`).join(''));
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}

export interface SessionPlace {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A connection that a server has taken, or its words when it took none. */
export type Session = { readonly close: () => void } | { readonly refused: string };

/** Logs in and asks nothing, until `close`. */
export function openSession({ host, port, user, password, database }: SessionPlace): Promise<Session> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = net.connect({ host, port }, () => {
      socket.write(startup({ user, database, application_name: 'payment-worker' }));
      socket.write(message('p', password));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The server hung up without a word.')));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 5) {
        const end = 1 + received.readInt32BE(1);
        if (received.length < end) return;
        const type = String.fromCharCode(received[0] ?? 0);
        const body = received.toString('utf8', 5, end);
        received = received.subarray(end);
        if (type === 'E') {
          resolve({ refused: body.replaceAll('\0', ' ') });
          socket.destroy();
        } else if (type === 'Z') resolve({ close: () => socket.destroy() });
      }
    });
  });
}
