import net from 'node:net';

/**
 * A port on 127.0.0.1 that nothing listens on. It is free when this resolves and not reserved: start the server soon.
 * Two calls in a row give different ports, since the system hands out ephemeral ports in turn.
 */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
