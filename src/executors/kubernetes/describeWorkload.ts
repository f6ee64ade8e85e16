import { commonLines, line, pairs, section } from './describeLines.ts';
import { conditions, describeContainer } from './describePod.ts';
import type { KubeObject, Workload } from './objects.ts';
import { selectorText } from './objects.ts';
import { renderColumns } from './table.ts';

/** kubectl's key facts of a Deployment: replicas, strategy, template, conditions. */
export function describeDeployment(object: KubeObject): string {
  const { metadata, spec, status } = object as Workload;
  const rolling = spec?.strategy?.rollingUpdate;
  const template = spec?.template;
  return (
    line('Name', metadata?.name) +
    line('Namespace', metadata?.namespace) +
    line('CreationTimestamp', metadata?.creationTimestamp) +
    commonLines(object).split('\n').slice(2).join('\n') +
    line('Selector', selectorText(spec?.selector)) +
    line(
      'Replicas',
      `${spec?.replicas ?? 1} desired | ${status?.updatedReplicas ?? 0} updated | ${status?.replicas ?? 0} total | ${status?.availableReplicas ?? 0} available | ${status?.unavailableReplicas ?? 0} unavailable`,
    ) +
    (spec?.paused ? line('Paused', 'true') : '') +
    line('StrategyType', spec?.strategy?.type) +
    line('MinReadySeconds', spec?.minReadySeconds ?? 0) +
    (rolling
      ? line(
          'RollingUpdate',
          `${rolling.maxUnavailable ?? '25%'} max unavailable, ${rolling.maxSurge ?? '25%'} max surge`,
        )
      : '') +
    section(
      'Pod Template:',
      line('Labels', pairs(template?.metadata?.labels)) +
        section(
          'Containers:',
          (template?.spec?.containers ?? []).map((one) => describeContainer(one, undefined)).join(''),
        ),
    ) +
    conditions(status?.conditions)
  );
}

type Service = KubeObject<
  {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly sessionAffinity?: string;
    readonly ports?: readonly {
      name?: string;
      port?: number;
      protocol?: string;
      targetPort?: string | number;
      nodePort?: number;
    }[];
  },
  { readonly loadBalancer?: { readonly ingress?: readonly { ip?: string; hostname?: string }[] } }
>;

/** kubectl's key facts of a Service: which pods it selects, on which ports. */
export function describeService(object: KubeObject): string {
  const { spec, status } = object as Service;
  const outside = (status?.loadBalancer?.ingress ?? []).map((one) => one.ip ?? one.hostname ?? '');
  const ports = (spec?.ports ?? [])
    .map(
      (port) =>
        line('Port', `${port.name ?? '<unset>'} ${port.port}/${port.protocol ?? 'TCP'}`) +
        line('TargetPort', `${port.targetPort ?? port.port}/${port.protocol ?? 'TCP'}`) +
        (port.nodePort ? line('NodePort', `${port.nodePort}/${port.protocol ?? 'TCP'}`) : ''),
    )
    .join('');
  return (
    commonLines(object) +
    line('Selector', pairs(spec?.selector).join(',')) +
    line('Type', spec?.type) +
    line('IP', spec?.clusterIP) +
    (spec?.externalName ? line('External Name', spec.externalName) : '') +
    (outside.length > 0 ? line('LoadBalancer', outside) : '') +
    ports +
    line('Session Affinity', spec?.sessionAffinity ?? 'None')
  );
}

interface Backend {
  readonly service?: {
    readonly name?: string;
    readonly port?: { readonly number?: number; readonly name?: string };
  };
  readonly resource?: { readonly kind?: string; readonly name?: string };
}

type Ingress = KubeObject<
  {
    readonly ingressClassName?: string;
    readonly defaultBackend?: Backend;
    readonly tls?: readonly { hosts?: readonly string[]; secretName?: string }[];
    readonly rules?: readonly {
      host?: string;
      http?: { paths?: readonly { path?: string; backend?: Backend }[] };
    }[];
  },
  { readonly loadBalancer?: { readonly ingress?: readonly { ip?: string; hostname?: string }[] } }
>;

/** kubectl's key facts of an Ingress: host and path to service. */
export function describeIngress(object: KubeObject): string {
  const { spec, status } = object as Ingress;
  const address = (status?.loadBalancer?.ingress ?? []).map((one) => one.ip ?? one.hostname ?? '').join(',');
  const rows = (spec?.rules ?? []).flatMap((rule) =>
    (rule.http?.paths ?? []).map((path, index) => [
      index === 0 ? (rule.host ?? '*') : '',
      path.path ?? '/',
      backendText(path.backend),
    ]),
  );
  const tls = (spec?.tls ?? []).map(
    (one) => `${one.secretName ?? 'SNI routes'} terminates ${(one.hosts ?? []).join(',')}`,
  );
  return (
    commonLines(object) +
    line('Address', address) +
    line('Ingress Class', spec?.ingressClassName) +
    line('Default backend', spec?.defaultBackend ? backendText(spec.defaultBackend) : '<default>') +
    (tls.length > 0 ? line('TLS', tls) : '') +
    section('Rules:', renderColumns([['Host', 'Path', 'Backends'], ['----', '----', '--------'], ...rows]))
  );
}

function backendText(backend: Backend | undefined): string {
  if (backend?.resource) return `${backend.resource.kind}/${backend.resource.name}`;
  const port = backend?.service?.port;
  return `${backend?.service?.name ?? '<none>'}:${port?.number ?? port?.name ?? ''}`;
}
