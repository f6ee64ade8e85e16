import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Pod } from '../../state/objects.ts';
import type { World } from '../../state/world.ts';
import { runContainerCommand } from './containerCommands.ts';
import type { Outcome, Status } from './status.ts';
import { badRequest, done, internalError, refused } from './status.ts';

/** Channels of the remote command protocol. Source: apimachinery `util/remotecommand`. */
const channel = { stdout: 1, stderr: 2, error: 3 };
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

export interface ExecRequest {
  readonly pod: Pod;
  readonly container: string;
  readonly argv: readonly string[];
  readonly tty: boolean;
  /** The output streams the client asked for. */
  readonly streams: readonly ('stdout' | 'stderr')[];
}

/** Which container and command an exec request means, or the Status the API server refuses it with. */
export function parseExec(pod: Pod, query: URLSearchParams): Outcome<ExecRequest> {
  const argv = query.getAll('command');
  if (argv.length === 0)
    return refused(badRequest('you must specify at least one command for the container'));
  const streams = (['stdout', 'stderr'] as const).filter((name) =>
    ['true', '1'].includes(query.get(name) ?? ''),
  );
  if (streams.length === 0 && !['true', '1'].includes(query.get('stdin') ?? '')) {
    return refused(badRequest('you must specify at least 1 of stdin, stdout, stderr'));
  }
  const container = query.get('container') ?? pod.spec.containers[0]?.name ?? '';
  const status = pod.status.containerStatuses?.find(({ name }) => name === container);
  if (pod.spec.containers.every(({ name }) => name !== container)) {
    return refused(badRequest(`container ${container} is not valid for pod ${pod.metadata.name}`));
  }
  if (pod.spec.nodeName === undefined) {
    return refused(badRequest(`pod ${pod.metadata.name} does not have a host assigned`));
  }
  if (status?.state.running === undefined) {
    return refused(internalError(`unable to upgrade connection: container not found ("${container}")`));
  }
  return done({ pod, container, argv, tty: ['true', '1'].includes(query.get('tty') ?? ''), streams });
}

/** How the end of a command is told: Success, or Failure with the exit code as a cause. */
export const renderExit = (exitCode: number): Record<string, unknown> =>
  exitCode === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: exit status ${exitCode}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
      };

export interface ExecEndpoint {
  upgrade(world: World, exec: ExecRequest, request: IncomingMessage, socket: Duplex, head: Buffer): void;
  dispose(): void;
}

/** Serves exec over WebSocket (v4 and v5 of the channel protocol). */
export function createExecEndpoint(): ExecEndpoint {
  const open = new Set<WebSocket>();
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  const run = (
    world: World,
    { pod, container, argv, tty, streams }: ExecRequest,
    socket: WebSocket,
  ): void => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.terminate());
    const send = (to: number, text: string): void =>
      socket.send(Buffer.concat([Buffer.from([to]), Buffer.from(text)]));
    const result = runContainerCommand(world, pod, container, argv);
    // A terminal has one screen: both streams come out of it, with its line ends.
    const screen = (text: string): string => (tty ? text.replaceAll('\n', '\r\n') : text);
    for (const name of streams)
      if (result[name] !== '') send(tty ? channel.stdout : channel[name], screen(result[name]));
    send(channel.error, JSON.stringify(renderExit(result.exitCode)));
    socket.close(1000);
  };
  return {
    upgrade: (world, exec, request, socket, head) =>
      server.handleUpgrade(request, socket, head, (opened) => run(world, exec, opened)),
    dispose: () => {
      for (const socket of open) socket.terminate();
    },
  };
}

/** Refuses an upgrade with a Status, before any WebSocket exists. */
export function refuseUpgrade(socket: Duplex, status: Status): void {
  const body = JSON.stringify(status);
  socket.end(
    `HTTP/1.1 ${status.code} ${status.reason ?? 'Failure'}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
