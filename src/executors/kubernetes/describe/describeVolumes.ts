import { heading, labelText, line, row } from './describeLines.ts';
import { at, flagAt, listAt, recordAt, textAt } from '../look/look.ts';

/** The volumes of a pod, or of a template (`nested`). */
export function describeVolumes(volumes: readonly unknown[], nested: boolean): string {
  const space = nested ? '  ' : '';
  if (volumes.length === 0) return `${space}Volumes:\t<none>\n`;
  return (
    `${space}Volumes:\n` +
    volumes
      .map((volume) => {
        const kind = Object.keys(recordAt({ volume }, 'volume')).find((key) => key !== 'name') ?? '';
        const source = at(volume, kind);
        const lines = DESCRIBED[kind]?.(source) ?? line('Type', kind === '' ? '<unknown>' : kind, 2);
        return heading(`${nested ? ' ' : ''}${textAt(volume, 'name')}`, 1) + lines;
      })
      .join('')
  );
}

const field = (label: string, value: string | boolean): string => line(label, value, 2);

/** The kinds of volumes that pods of today use; others show their kind alone. */
const DESCRIBED: Readonly<Record<string, (source: unknown) => string>> = {
  hostPath: (source) =>
    field('Type', 'HostPath (bare host directory volume)') +
    field('Path', textAt(source, 'path')) +
    field('HostPathType', at(source, 'type') === undefined ? '<none>' : textAt(source, 'type')),
  emptyDir: (source) =>
    field('Type', "EmptyDir (a temporary directory that shares a pod's lifetime)") +
    field('Medium', textAt(source, 'medium')) +
    field('SizeLimit', textAt(source, 'sizeLimit') || '<unset>'),
  secret: (source) =>
    field('Type', 'Secret (a volume populated by a Secret)') +
    field('SecretName', textAt(source, 'secretName')) +
    field('Optional', flagAt(source, 'optional')),
  configMap: (source) =>
    field('Type', 'ConfigMap (a volume populated by a ConfigMap)') +
    field('Name', textAt(source, 'name')) +
    field('Optional', flagAt(source, 'optional')),
  projected: (source) =>
    field('Type', 'Projected (a volume that contains injected data from multiple sources)') +
    listAt(source, 'sources').map(projected).join(''),
  nfs: (source) =>
    field('Type', 'NFS (an NFS mount that lasts the lifetime of a pod)') +
    field('Server', textAt(source, 'server')) +
    field('Path', textAt(source, 'path')) +
    field('ReadOnly', flagAt(source, 'readOnly')),
  persistentVolumeClaim: (source) =>
    field('Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)') +
    field('ClaimName', textAt(source, 'claimName')) +
    field('ReadOnly', flagAt(source, 'readOnly')),
  downwardAPI: (source) =>
    field('Type', 'DownwardAPI (a volume populated by information about the pod)') +
    heading('Items', 2) +
    listAt(source, 'items')
      .map((item) => {
        const from = textAt(item, 'fieldRef.fieldPath') || textAt(item, 'resourceFieldRef.resource');
        return row(3, `${from} -> ${textAt(item, 'path')}`);
      })
      .join(''),
  csi: (source) =>
    field('Type', 'CSI (a Container Storage Interface (CSI) volume source)') +
    field('Driver', textAt(source, 'driver')) +
    field('FSType', textAt(source, 'fsType')) +
    field('ReadOnly', flagAt(source, 'readOnly')) +
    field('VolumeAttributes', labelText(source, 'volumeAttributes')),
};

function projected(source: unknown): string {
  if (at(source, 'secret') !== undefined)
    return (
      field('SecretName', textAt(source, 'secret.name')) +
      field('Optional', flagAt(source, 'secret.optional'))
    );
  if (at(source, 'downwardAPI') !== undefined) return field('DownwardAPI', true);
  if (at(source, 'configMap') !== undefined)
    return (
      field('ConfigMapName', textAt(source, 'configMap.name')) +
      field('Optional', flagAt(source, 'configMap.optional'))
    );
  return at(source, 'serviceAccountToken') === undefined
    ? ''
    : field('TokenExpirationSeconds', textAt(source, 'serviceAccountToken.expirationSeconds'));
}
