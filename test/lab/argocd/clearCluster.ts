import { setTimeout as wait } from 'node:timers/promises';

type Kubectl = (...args: readonly string[]) => Promise<string>;

/** Removes what an earlier Argo CD left in a cluster that kept running: its repositories are gone with its folder. */
export async function clearCluster(
  kubectl: Kubectl,
  { namespace, destination, names }: { namespace: string; destination: string; names: readonly string[] },
): Promise<void> {
  const kinds = 'applicationsets,applications';
  const left = await untilServed(() => kubectl('get', kinds, '-n', namespace, '-o', 'name'));
  for (const name of left.split('\n').filter((one) => one !== '')) {
    // The finalizer waits for a controller, and that is not running.
    const patch = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
    await kubectl('patch', name, '-n', namespace, ...patch);
  }
  await kubectl('delete', kinds, '--all', '-n', namespace, '--timeout=30s');
  // An application that finds its objects as they should be would have nothing to sync, and no history.
  const inDestination = ['-n', destination, '--ignore-not-found', '--timeout=30s'];
  await kubectl('delete', 'deployments,services', ...names, ...inDestination);
}

/** The API server serves a new kind a moment after its definition was created, and nothing before that. */
async function untilServed(use: () => Promise<string>): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await use();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await wait(300);
    }
  }
}
