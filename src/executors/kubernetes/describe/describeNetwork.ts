import { annotationLines, heading, labelLines, labelText, line, lineIf, row } from './describeLines.ts';
import { at, listAt, numberAt, textAt, textsAt } from '../look/look.ts';

/** How many addresses are named before the rest are counted. */
const addressesShown = 3;

/** The ready addresses behind ports of these names, as `10.0.0.1:8080,… + 2 more...`. */
export function endpointsText(slices: readonly unknown[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const all = slices.flatMap((slice) => {
    const ready = listAt(slice, 'endpoints').filter((each) => at(each, 'conditions.ready') !== false);
    const addresses = ready.map((each) => textsAt(each, 'addresses')[0] ?? '');
    const ports = listAt(slice, 'ports');
    if (ports.length === 0) return addresses;
    return ports
      .filter((port) => textAt(port, 'name') === portName)
      .flatMap((port) => addresses.map((address) => joined(address, textAt(port, 'port'))));
  });
  const shown = all.slice(0, addressesShown).join(',');
  return all.length > addressesShown ? `${shown} + ${all.length - addressesShown} more...` : shown;
}

const joined = (address: string, port: string): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** kubectl's description of a Service: which pods it selects, on which ports, and who is ready behind it. */
export function describeService(service: unknown, slices: readonly unknown[]): string {
  const list = (path: string): string => textsAt(service, path).join(',');
  const outside = listAt(service, 'status.loadBalancer.ingress').map((each) => {
    const mode = textAt(each, 'ipMode');
    const ip = textAt(each, 'ip');
    return ip === '' ? textAt(each, 'hostname') : `${ip}${mode === '' ? '' : ` (${mode})`}`;
  });
  const healthPort = numberAt(service, 'spec.healthCheckNodePort') ?? 0;
  return (
    line('Name', textAt(service, 'metadata.name')) +
    line('Namespace', textAt(service, 'metadata.namespace')) +
    labelLines('Labels', service, 'metadata.labels') +
    annotationLines('Annotations', service, 'metadata.annotations') +
    line('Selector', labelText(service, 'spec.selector')) +
    line('Type', textAt(service, 'spec.type')) +
    lineIf('IP Family Policy', textAt(service, 'spec.ipFamilyPolicy')) +
    line('IP Families', list('spec.ipFamilies') || '<none>') +
    line('IP', textAt(service, 'spec.clusterIP')) +
    line('IPs', list('spec.clusterIPs') || '<none>') +
    lineIf('External IPs', list('spec.externalIPs')) +
    lineIf('Desired LoadBalancer IP', textAt(service, 'spec.loadBalancerIP')) +
    lineIf('External Name', textAt(service, 'spec.externalName')) +
    lineIf('LoadBalancer Ingress', outside.join(', ')) +
    listAt(service, 'spec.ports')
      .map((port) => portLines(port, slices))
      .join('') +
    line('Session Affinity', textAt(service, 'spec.sessionAffinity')) +
    lineIf('External Traffic Policy', textAt(service, 'spec.externalTrafficPolicy')) +
    lineIf('Internal Traffic Policy', textAt(service, 'spec.internalTrafficPolicy')) +
    (healthPort === 0 ? '' : line('HealthCheck NodePort', healthPort)) +
    lineIf('LoadBalancer Source Ranges', list('spec.loadBalancerSourceRanges')) +
    lineIf('Traffic Distribution', textAt(service, 'spec.trafficDistribution'))
  );
}

function portLines(port: unknown, slices: readonly unknown[]): string {
  const name = textAt(port, 'name');
  const protocol = textAt(port, 'protocol');
  const nodePort = numberAt(port, 'nodePort') ?? 0;
  const shown = name || '<unset>';
  return (
    row(0, 'Port:', shown, `${textAt(port, 'port')}/${protocol}`) +
    line('TargetPort', `${textAt(port, 'targetPort')}/${protocol}`) +
    lineIf('AppProtocol', textAt(port, 'appProtocol')) +
    (nodePort === 0 ? '' : row(0, 'NodePort:', shown, `${nodePort}/${protocol}`)) +
    line('Endpoints', endpointsText(slices, name))
  );
}

/** What stands behind the services an ingress sends to, read beforehand, by service name. */
export interface ServiceBackends {
  /** The Service and its EndpointSlices, or why they could not be read. */
  get(name: string): { readonly service: unknown; readonly slices: readonly unknown[] } | string;
}

/** The names of the services an ingress sends to. */
export const servicesOf = (ingress: unknown): readonly string[] => [
  ...new Set(
    [
      at(ingress, 'spec.defaultBackend'),
      ...listAt(ingress, 'spec.rules').flatMap((rule) =>
        listAt(rule, 'http.paths').map((path) => at(path, 'backend')),
      ),
    ]
      .map((backend) => textAt(backend, 'service.name'))
      .filter((name) => name !== ''),
  ),
];

/** kubectl's description of an Ingress: host and path to service, and who is ready behind it. */
export function describeIngress(ingress: unknown, backends: ServiceBackends): string {
  const standard = at(ingress, 'spec.defaultBackend');
  const standardText = standard === undefined ? '<default>' : backendText(standard, backends);
  const outside = listAt(ingress, 'status.loadBalancer.ingress').map(
    (each) => textAt(each, 'ip') || textAt(each, 'hostname'),
  );
  const tls = listAt(ingress, 'spec.tls').map((each) => {
    const secret = textAt(each, 'secretName');
    return row(
      1,
      `${secret === '' ? 'SNI routes' : `${secret} terminates`} ${textsAt(each, 'hosts').join(',')}`,
    );
  });
  const rules = listAt(ingress, 'spec.rules').filter((rule) => at(rule, 'http') !== undefined);
  return (
    line('Name', textAt(ingress, 'metadata.name')) +
    labelLines('Labels', ingress, 'metadata.labels') +
    line('Namespace', textAt(ingress, 'metadata.namespace')) +
    line('Address', [...new Set(outside)].filter(Boolean).sort().join(',')) +
    line('Ingress Class', textAt(ingress, 'spec.ingressClassName') || '<none>') +
    line('Default backend', standardText) +
    (tls.length > 0 ? heading('TLS') + tls.join('') : '') +
    heading('Rules') +
    row(1, 'Host', 'Path', 'Backends') +
    row(1, '----', '----', '--------') +
    rules
      .map(
        (rule) =>
          row(1, textAt(rule, 'host') || '*', '') +
          listAt(rule, 'http.paths')
            .map((path) => row(2, '', `${textAt(path, 'path')} `, backendText(at(path, 'backend'), backends)))
            .join(''),
      )
      .join('') +
    (rules.length === 0 ? row(1, '*', '*', standardText) : '') +
    annotationLines('Annotations', ingress, 'metadata.annotations')
  );
}

function backendText(backend: unknown, backends: ServiceBackends): string {
  const resource = at(backend, 'resource');
  if (resource !== undefined)
    return `APIGroup: ${textAt(resource, 'apiGroup') || '<none>'}, Kind: ${textAt(resource, 'kind')}, Name: ${textAt(resource, 'name')}`;
  const name = textAt(backend, 'service.name');
  const number = numberAt(backend, 'service.port.number');
  const portName = textAt(backend, 'service.port.name');
  const shown = `${name}:${number ?? portName}`;
  const behind = backends.get(name);
  if (typeof behind === 'string') return `${shown} (<error: ${behind}>)`;
  const port = listAt(behind.service, 'spec.ports').find((each) =>
    number === undefined ? textAt(each, 'name') === portName : numberAt(each, 'port') === number,
  );
  return `${shown} (${endpointsText(behind.slices, textAt(port, 'name'))})`;
}
