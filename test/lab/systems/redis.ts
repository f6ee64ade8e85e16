import net from 'node:net';
import { ensureDebianProgram } from '../builds/debianPrograms.ts';
import { freePort } from '../freePort.ts';
import { startProcess } from '../labProcess.ts';
import type { LabSystem } from '../labSystem.ts';

export interface RedisDescription {
  /** `127.0.0.1:PORT`, without a password. */
  readonly address: string;
}

const ensureRedis = () =>
  ensureDebianProgram({ package: 'redis-server', program: 'redis-server', proof: ['--version'] });

/** A Redis that keeps nothing on disk: Argo CD's cache. */
export const redis: LabSystem<'redis'> = {
  name: 'redis',
  build: ensureRedis,
  start: async ({ folder }) => {
    const { command, env } = await ensureRedis();
    const port = await freePort();
    await startProcess({
      name: 'redis-server',
      command,
      args: [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        folder,
      ],
      env,
      folder,
      ready: () => answersPing(port),
      timeoutMs: 15_000,
    });
    return { address: `127.0.0.1:${port}` };
  },
};

/** Whether `PING` is answered with `+PONG` (https://redis.io/docs/latest/develop/reference/protocol-spec/). */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
  });
}
