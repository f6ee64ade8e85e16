import * as v from 'valibot';
import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { Pod } from '../objects/objects.ts';
import { chooseContainer, selectPods } from '../logs/podSelection.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';
import { readMessages } from '../access/webSocketFrames.ts';

export type ExecAction = Extract<KubernetesAction, { verb: 'exec' }>;

/** The first byte of each message names its channel. v5 adds 255, which closes one. */
const channels = { stdout: 1, stderr: 2, error: 3 } as const;
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const statusSchema = v.object({
  status: v.nullish(v.string()),
  message: v.nullish(v.string()),
  reason: v.nullish(v.string()),
  details: v.nullish(
    v.object({
      causes: v.nullish(v.array(v.object({ reason: v.nullish(v.string()), message: v.nullish(v.string()) }))),
    }),
  ),
});

/**
 * kubectl exec without a terminal and without input, over the remote command WebSocket; ends with the command's own
 * exit code. Stopping closes the connection, which does not surely end the command: the output says so.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/ and KEP-4006 (channel protocol v5 over WebSockets)
 */
export async function runExec(context: VerbContext, action: ExecAction): Promise<VerbOutcome> {
  const { transport, namespace, signal, output } = context;
  const selected = await selectPods(context, action.pod, undefined);
  if (!selected.ok) return failVerb(context, selected.failure);
  const pod: Pod = selected.value.pods[0]!;
  const name = pod.metadata?.name ?? action.pod;
  const chosen =
    action.container === undefined ? chooseContainer(pod) : { name: action.container, note: undefined };
  if (chosen.note !== undefined) await output.error(`${chosen.note}\n`);
  const opened = await transport.upgrade(
    {
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/exec`,
      query: { container: chosen.name, command: action.command, stdout: true, stderr: true },
    },
    protocols,
    signal,
  );
  if (!opened.ok) return failVerb(context, opened.failure);
  const { socket } = opened.value;
  const close = () => socket.destroy();
  signal.addEventListener('abort', close, { once: true });
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  let status: string | undefined;
  let broken = '';
  let enough = false;
  try {
    if (signal.aborted) close();
    for await (const message of readMessages(socket)) {
      if (message.kind === 'close') break;
      const data = message.payload.subarray(1);
      switch (message.payload[0]) {
        case channels.stdout:
          enough = !(await output.write(decoders.stdout.decode(data, { stream: true })));
          break;
        case channels.stderr:
          await output.error(decoders.stderr.decode(data, { stream: true }));
          break;
        case channels.error:
          status = (status ?? '') + data.toString('utf8');
          break;
        default: // an empty message opens a channel, 255 closes one: nothing to print
      }
      if (enough) break;
    }
    await output.write(decoders.stdout.decode());
  } catch (thrown) {
    broken = transport.cutOff(thrown, signal).message;
  } finally {
    signal.removeEventListener('abort', close);
    socket.destroy();
  }
  if (signal.aborted) {
    await output.error('Stopped listening; the command may still be running in the container.\n');
    return { kind: 'stopped' };
  }
  if (enough && status === undefined) {
    return succeeded('The filters had all they need; the command may still be running in the container.');
  }
  if (status === undefined) {
    return failVerb(context, {
      code: 'unreachable',
      message: `The connection to ${name} was cut before the command ended${broken && `: ${broken}`} The command may still be running in the container; look before trying again.`,
    });
  }
  return outcomeOfStatus(context, status);
}

async function outcomeOfStatus(context: VerbContext, text: string): Promise<VerbOutcome> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  const parsed = v.safeParse(statusSchema, document);
  if (!parsed.success) {
    return failVerb(context, {
      code: 'failed',
      message: `The command ended without a readable status: ${text}`,
    });
  }
  if (parsed.output.status === 'Success') return succeeded();
  const cause = parsed.output.details?.causes?.find((one) => one.reason === 'ExitCode')?.message;
  const exitCode = cause === undefined || cause === null ? NaN : Number(cause);
  if (!Number.isInteger(exitCode)) {
    const reason = parsed.output.message || text;
    return failVerb(context, { code: 'failed', message: `error: Internal error occurred: ${reason}` });
  }
  await context.output.error(`command terminated with exit code ${exitCode}\n`);
  return {
    kind: 'failed',
    exitCode,
    message: `The command ended with exit code ${exitCode}; its output says why.`,
  };
}
