import type { KubernetesAction } from '../../core/plan/kubernetesAction.ts';
import type { ApiFailure } from './apiFailure.ts';
import { describeNode, describePod } from './describePod.ts';
import { describeDeployment, describeIngress, describeService } from './describeWorkload.ts';
import type { ResourceKind } from './discovery.ts';
import { resolveWanted } from './get.ts';
import type { KubeObject } from './objects.ts';
import { ageText, fetchObject, fetchObjects } from './objects.ts';
import { commonLines, section } from './describeLines.ts';
import type { VerbContext, VerbOutcome } from './verb.ts';
import { failedVerb, failVerb, succeeded } from './verb.ts';
import { renderColumns } from './table.ts';
import { renderYaml } from './yaml.ts';

export type DescribeAction = Extract<KubernetesAction, { verb: 'describe' }>;

interface EventObject extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
}

/** kubectl describe: kubectl's key facts and the object's events; its layout, not its every line. */
export async function runDescribe(context: VerbContext, action: DescribeAction): Promise<VerbOutcome> {
  const { transport, signal, output } = context;
  const wanted = await resolveWanted(context, action);
  if (!wanted.ok) return failVerb(context, wanted.failure);
  const failures: ApiFailure[] = [];
  let described = 0;
  const show = async (kind: ResourceKind, object: KubeObject): Promise<boolean> => {
    const text = render(kind, object) + (await describeEvents(context, kind, object));
    described++;
    return output.write((described > 1 ? '\n\n' : '') + text);
  };
  for (const { kind, names } of wanted.value) {
    const namespace = action.allNamespaces ? undefined : context.namespace;
    const found =
      names.length > 0
        ? await Promise.all(
            names.map(async (name) => {
              const one = await fetchObject<KubeObject>(transport, kind, context.namespace, name, signal);
              return one.ok ? { ok: true as const, value: [one.value] } : one;
            }),
          )
        : [
            await fetchObjects<KubeObject>(
              transport,
              kind,
              namespace,
              { labelSelector: action.selector },
              signal,
            ),
          ];
    for (const answer of found) {
      if (!answer.ok) {
        if (answer.failure.code === 'cancelled') return { kind: 'stopped' };
        failures.push(answer.failure);
        await output.error(`${answer.failure.message}\n`);
        continue;
      }
      for (const object of answer.value) if (!(await show(kind, object))) return succeeded();
    }
  }
  if (failures[0] !== undefined) return failedVerb(failures[0]);
  if (described === 0) await output.error(`No resources found in ${context.namespace} namespace.\n`);
  return succeeded(described === 0 ? 'No resources found.' : undefined);
}

function render(kind: ResourceKind, object: KubeObject): string {
  switch (kind.plural) {
    case 'pods':
      return describePod(object);
    case 'nodes':
      return describeNode(object);
    case 'deployments':
      return describeDeployment(object);
    case 'services':
      return describeService(object);
    case 'ingresses':
      return describeIngress(object);
    default: {
      // Values of a Secret are never printed; kubectl shows their sizes only.
      const {
        apiVersion: _version,
        kind: _kind,
        metadata: _metadata,
        ...rest
      } = object as Record<string, unknown>;
      const body = kind.plural === 'secrets' ? sizesOf(rest) : rest;
      return commonLines(object, kind.namespaced) + (Object.keys(body).length > 0 ? renderYaml(body) : '');
    }
  }
}

function sizesOf(secret: Record<string, unknown>): Record<string, unknown> {
  const data = (secret['data'] ?? {}) as Record<string, string>;
  const sizes = Object.entries(data).map(([key, value]) => [
    key,
    `${Buffer.from(value, 'base64').length} bytes`,
  ]);
  return { type: secret['type'], data: Object.fromEntries(sizes) };
}

async function describeEvents(context: VerbContext, kind: ResourceKind, object: KubeObject): Promise<string> {
  const eventKind = await context.discovery.resolve('events', context.signal);
  if (!eventKind.ok) return '';
  const { name, namespace, uid } = object.metadata ?? {};
  const fields = {
    'involvedObject.name': name,
    'involvedObject.namespace': namespace,
    'involvedObject.kind': kind.kind,
    'involvedObject.uid': kind.plural === 'nodes' ? undefined : uid,
  };
  const list = await fetchObjects<EventObject>(
    context.transport,
    eventKind.value[0]!,
    namespace,
    {
      fieldSelector: Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    },
    context.signal,
  );
  if (!list.ok) return `Events:  could not be read: ${list.failure.message}\n`;
  if (list.value.length === 0) return 'Events:  <none>\n';
  const now = Date.now();
  const rows = [...list.value]
    .sort((a, b) => seen(a).localeCompare(seen(b)))
    .map((event) => {
      const count = event.series?.count ?? event.count ?? 1;
      const first = event.firstTimestamp ?? event.eventTime ?? event.metadata?.creationTimestamp;
      const age =
        count > 1
          ? `${ageText(seen(event), now)} (x${count} over ${ageText(first, now)})`
          : ageText(seen(event), now);
      const from = event.source?.component || event.reportingComponent || '';
      return ['', event.type ?? '', event.reason ?? '', age, from, (event.message ?? '').trim()];
    });
  const header = ['', 'Type', 'Reason', 'Age', 'From', 'Message'];
  const rule = header.map((title) => '-'.repeat(title.length));
  return section('Events:', renderColumns([header, rule, ...rows].map((row) => row.slice(1))));
}

const seen = (event: EventObject): string =>
  event.series?.lastObservedTime ??
  event.lastTimestamp ??
  event.eventTime ??
  event.metadata?.creationTimestamp ??
  '';
