import type { ServerResponse } from 'node:http';
import type { Pod } from '../../state/objects.ts';
import type { Instance, LogLine, World } from '../../state/world.ts';
import type { Outcome } from './status.ts';
import { badRequest, done, refused } from './status.ts';

/** Which of the pod's containers a log request means, in the API server's words where it is unclear. */
export function chooseContainer(pod: Pod, wanted: string | null): Outcome<string> {
  const names = pod.spec.containers.map(({ name }) => name);
  if (wanted === null || wanted === '') {
    const only = names[0];
    if (names.length === 1 && only !== undefined) return done(only);
    return refused(
      badRequest(
        `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
      ),
    );
  }
  if (names.includes(wanted)) return done(wanted);
  return refused(badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`));
}

/** The instance whose log is meant. The kubelet shows a dead container's log while the next one waits. */
function chooseInstance(world: World, pod: Pod, container: string, previous: boolean): Outcome<Instance> {
  const instances = world.runtimes.get(pod.metadata.uid)?.instances ?? [];
  const isFirst = pod.spec.containers[0]?.name === container;
  const status = pod.status.containerStatuses?.find(({ name }) => name === container);
  const latest = instances.at(-1);
  if (latest === undefined) {
    const why = status?.state.waiting?.reason ?? 'ContainerCreating';
    return refused(
      badRequest(`container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${why}`),
    );
  }
  if (!previous) return done(isFirst ? latest : { ...(instances[0] ?? latest), pressure: [] });
  const waits = status?.state.waiting !== undefined;
  const before = isFirst ? instances.at(waits ? -1 : -2) : undefined;
  if (before !== undefined) return done(before);
  return refused(
    badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`),
  );
}

const renderLine = ({ at, text }: LogLine, timestamps: boolean): string =>
  timestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ${text}\n` : `${text}\n`;

function parseCount(query: URLSearchParams, name: string): Outcome<number | undefined> {
  const text = query.get(name);
  if (text === null || text === '') return done(undefined);
  if (/^\d+$/.test(text)) return done(Number(text));
  return refused(
    badRequest(`${name}: Invalid value: "${text}": must be a whole number greater than or equal to 0`),
  );
}

interface LogQuery {
  readonly since: number;
  readonly tail: number | undefined;
  readonly limit: number | undefined;
}

function parseQuery(world: World, query: URLSearchParams): Outcome<LogQuery> {
  const [seconds, tail, limit] = ['sinceSeconds', 'tailLines', 'limitBytes'].map((name) =>
    parseCount(query, name),
  );
  if (seconds === undefined || tail === undefined || limit === undefined)
    return refused(badRequest('no query'));
  if (!seconds.ok) return seconds;
  if (!tail.ok) return tail;
  if (!limit.ok) return limit;
  const sinceTime = Date.parse(query.get('sinceTime') ?? '');
  const relative = seconds.value === undefined ? 0 : world.now - seconds.value * 1000;
  return done({
    since: Number.isNaN(sinceTime) ? relative : Math.max(relative, sinceTime),
    tail: tail.value,
    limit: limit.value,
  });
}

/**
 * Answers `GET pods/NAME/log`: text, one line per entry, streamed on with `follow=true`.
 * `onTick` tells when time has gone on. The answer's `end` closes a stream; a refusal is the Status to reply.
 */
export function replyLogs(
  world: World,
  pod: Pod,
  query: URLSearchParams,
  response: ServerResponse,
  onTick: (listener: () => void) => () => void,
): Outcome<{ end: () => void }> {
  const container = chooseContainer(pod, query.get('container'));
  if (!container.ok) return container;
  const parsed = parseQuery(world, query);
  if (!parsed.ok) return parsed;
  const chosen = chooseInstance(world, pod, container.value, query.get('previous') === 'true');
  if (!chosen.ok) return chosen;
  const instance = chosen.value;
  const timestamps = query.get('timestamps') === 'true';
  const { since, tail, limit } = parsed.value;
  let left = limit ?? Number.POSITIVE_INFINITY;
  let shown = world.now;
  const read = (from: number, to: number): string[] =>
    world.behaviour
      .logLines(world, pod, container.value, instance, from, to)
      .map((line) => renderLine(line, timestamps));
  const write = (lines: readonly string[]): void => {
    const bytes = Buffer.from(lines.join('')).subarray(0, Number.isFinite(left) ? left : undefined);
    left -= bytes.length;
    if (bytes.length > 0) response.write(bytes);
  };

  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  const lines = read(since, shown);
  write(tail === undefined ? lines : tail === 0 ? [] : lines.slice(-tail));
  const isOver = (): boolean =>
    left <= 0 ||
    instance.finishedAt !== undefined ||
    world.store.get('pods', pod.metadata.namespace, pod.metadata.name)?.metadata.uid !== pod.metadata.uid;
  if (query.get('follow') !== 'true' || isOver()) {
    response.end();
    return done({ end: () => undefined });
  }
  const unsubscribe = onTick(() => {
    const from = shown + 1;
    shown = world.now;
    write(read(from, shown));
    if (isOver()) end();
  });
  function end(): void {
    unsubscribe();
    if (!response.destroyed) response.end();
  }
  response.on('close', end);
  return done({ end });
}
