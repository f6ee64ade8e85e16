import type { ValueKind } from '../plan.ts';

const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Names of objects are DNS subdomains, those of namespaces and services single labels. */
function validateName(what: string, value: string, maximum: number, dots: boolean): string | undefined {
  if (value.length > maximum)
    return `${what} has at most ${maximum} characters; this one has ${value.length}.`;
  const parts = dots ? value.split('.') : [value];
  if (parts.every((part) => LABEL.test(part))) return undefined;
  return (
    `“${value}” cannot be ${what}: ` +
    `use lower-case letters, digits and hyphens${dots ? ' (and dots between them)' : ''}, ` +
    'with a letter or digit at both ends.'
  );
}

/**
 * A sentence when `value` cannot be what its place in the command asks for, else undefined. Kubernetes names are
 * DNS-1123 subdomains, namespaces DNS-1123 labels
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
 * A service is checked as a subdomain too, for guides use it for workloads and label values as well.
 */
export function validateValue(kind: ValueKind, value: string): string | undefined {
  if (value === '') return 'The value is empty.';
  if (value.includes('\0')) return 'The value contains a NUL character, which no command can carry.';
  switch (kind) {
    case 'pod':
      return validateName('the name of a pod', value, 253, true);
    case 'deployment':
      return validateName('the name of a deployment', value, 253, true);
    case 'ingress':
      return validateName('the name of an ingress', value, 253, true);
    case 'service':
      return validateName('the name of a service', value, 253, true);
    case 'namespace':
      return validateName('a namespace', value, 63, false);
    case 'app': {
      // Argo CD writes an application outside its own namespace as `namespace/name`.
      const [first = '', second] = value.split('/', 2);
      const name = value.split('/').length > 2 ? value : (second ?? first);
      return (
        (second === undefined ? undefined : validateName('a namespace', first, 63, false)) ??
        validateName('the name of an app', name, 253, true)
      );
    }
    case 'revision':
      return /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(value)
        ? undefined
        : `“${value}” cannot be a revision: it is a number, a tag or a commit, without spaces.`;
    case 'db-cluster':
    case 'db-instance':
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html : names; describe takes ARNs too.
      return /^(?:arn:[\w:-]+|[A-Za-z](?:-?[A-Za-z0-9]){0,62})$/.test(value)
        ? undefined
        : `“${value}” cannot be a database’s identifier: use letters, digits and single hyphens, a letter first.`;
    case 'number':
      return /^\d{1,15}$/.test(value) ? undefined : `“${value}” is not a whole number.`;
    case 'duration':
      // https://pkg.go.dev/time#ParseDuration, the units that make sense for a command's flag
      return value.length <= 30 && /^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h))+$/.test(value)
        ? undefined
        : `“${value}” is not a duration: write it as 30m, 90s or 1h30m.`;
    case 'flag':
      // Spaces and the like are encoded in the address; services of one's own have such names.
      return /^[^\p{Cc}/?#]{1,256}$/u.test(value) && !/^\.+$/.test(value)
        ? undefined
        : `“${value}” cannot be the key of a feature flag: it has no slash, question mark or line end, and is not dots alone.`;
    case 'text':
    case 'choice':
    case 'secret':
      return undefined;
  }
}
