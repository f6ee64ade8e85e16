import { isDeepStrictEqual } from 'node:util';
import type { Ingress, Kinds, KubeObject, Pod, Workload } from '../../state/objects.ts';
import type { Resource } from '../../state/resources.ts';
import type { FieldError } from './status.ts';

const invalidValue = (field: string, value: unknown, why: string): FieldError => ({
  field,
  type: 'FieldValueInvalid',
  what: `Invalid value: ${JSON.stringify(value)}: ${why}`,
});
const required = (field: string, why = ''): FieldError => ({
  field,
  type: 'FieldValueRequired',
  what: `Required value${why === '' ? '' : `: ${why}`}`,
});

export function checkReplicas(replicas: unknown): FieldError[] {
  if (typeof replicas === 'number' && Number.isInteger(replicas) && replicas >= 0) return [];
  const why = typeof replicas === 'number' ? 'must be greater than or equal to 0' : 'must be a whole number';
  return [invalidValue('spec.replicas', replicas ?? null, why)];
}

function checkWorkload(next: Workload, before: Workload): FieldError[] {
  const errors = checkReplicas(next.spec?.replicas);
  if (!isDeepStrictEqual(next.spec?.selector, before.spec.selector)) {
    errors.push(invalidValue('spec.selector', next.spec?.selector ?? null, 'field is immutable'));
  }
  const containers = next.spec?.template?.spec?.containers;
  if (!Array.isArray(containers) || containers.length === 0) {
    return [...errors, required('spec.template.spec.containers')];
  }
  containers.forEach(({ name, image }, i) => {
    const at = `spec.template.spec.containers[${i}]`;
    if (typeof name !== 'string' || name === '') errors.push(required(`${at}.name`));
    if (typeof image !== 'string' || image === '') errors.push(required(`${at}.image`));
  });
  const labels = next.spec.template.metadata?.labels ?? {};
  const selected = Object.entries(before.spec.selector.matchLabels ?? {});
  if (!selected.every(([key, value]) => labels[key] === value)) {
    const why = '`selector` does not match template `labels`';
    errors.push(invalidValue('spec.template.metadata.labels', labels, why));
  }
  return errors;
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

function checkIngress({ spec }: Ingress): FieldError[] {
  const rules = spec?.rules ?? [];
  if (!Array.isArray(rules)) return [invalidValue('spec.rules', rules, 'must be a list')];
  if (rules.length === 0 && spec?.defaultBackend === undefined) {
    return [invalidValue('spec', rules, 'either `defaultBackend` or `rules` must be specified')];
  }
  return rules.flatMap((rule, r) => {
    const paths = rule.http?.paths ?? [];
    if (rule.http !== undefined && paths.length === 0) return [required(`spec.rules[${r}].http.paths`)];
    return paths.flatMap(({ path, pathType, backend }, p): FieldError[] => {
      const at = `spec.rules[${r}].http.paths[${p}]`;
      const port = backend?.service?.port;
      const errors: FieldError[] = [];
      if (pathType === undefined) errors.push(required(`${at}.pathType`, 'pathType must be specified'));
      else if (!pathTypes.includes(pathType)) {
        const listed = pathTypes.map((type) => `"${type}"`).join(', ');
        const what = `Unsupported value: "${pathType}": supported values: ${listed}`;
        errors.push({ field: `${at}.pathType`, type: 'FieldValueNotSupported', what });
      }
      if (path !== undefined && !path.startsWith('/')) {
        errors.push(invalidValue(`${at}.path`, path, 'must be an absolute path'));
      }
      if (backend?.service === undefined) errors.push(required(`${at}.backend`));
      else if (!backend.service.name) errors.push(required(`${at}.backend.service.name`));
      else if (port?.name === undefined && port?.number === undefined) {
        errors.push(required(`${at}.backend`, 'port name or number is required'));
      }
      return errors;
    });
  });
}

function checkPod(next: Pod, before: Pod): FieldError[] {
  const withoutImages = ({ spec }: Pod): unknown => ({
    ...spec,
    containers: (spec?.containers ?? []).map(({ image: _image, ...rest }) => rest),
  });
  if (isDeepStrictEqual(withoutImages(next), withoutImages(before))) return [];
  const what =
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [{ field: 'spec', type: 'FieldValueForbidden', what }];
}

/** What the API server would refuse in a changed object. The shapes are untrusted: anything may be missing. */
export function validate({ name }: Resource, next: KubeObject, before: KubeObject): FieldError[] {
  switch (name) {
    case 'deployments':
    case 'statefulsets':
      return checkWorkload(next as Kinds['deployments'], before as Kinds['deployments']);
    case 'ingresses':
      return checkIngress(next as Kinds['ingresses']);
    case 'pods':
      return checkPod(next as Kinds['pods'], before as Kinds['pods']);
    default:
      return [];
  }
}
