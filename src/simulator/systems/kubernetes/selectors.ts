import type { KubeObject } from '../../state/objects.ts';
import type { Outcome } from './status.ts';
import { badRequest, done, refused } from './status.ts';

export type Matcher = (object: KubeObject) => boolean;

const keyPattern = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`;
const equality = new RegExp(`^(${keyPattern})\\s*(==|!=|=)\\s*([-A-Za-z0-9_.]*)$`);
const setBased = new RegExp(`^(${keyPattern})\\s+(in|notin)\\s+\\(([^()]*)\\)$`);
const existence = new RegExp(`^(!)?\\s*(${keyPattern})$`);

/** Splits at commas that are outside parentheses. */
const split = (text: string): string[] =>
  text
    .split(/,(?![^()]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

function parseRequirement(text: string): ((labels: Record<string, string>) => boolean) | undefined {
  const [, key, operator, value] = equality.exec(text) ?? [];
  if (key !== undefined && value !== undefined) {
    // An absent label also satisfies `!=` and `notin`, as the API defines.
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const [, setKey, membership, list] = setBased.exec(text) ?? [];
  if (setKey !== undefined && list !== undefined) {
    const values = new Set(list.split(',').map((one) => one.trim()));
    const has = (labels: Record<string, string>): boolean => {
      const present = labels[setKey];
      return present !== undefined && values.has(present);
    };
    return membership === 'in' ? has : (labels) => !has(labels);
  }
  const [, not, existing] = existence.exec(text) ?? [];
  if (existing !== undefined) return (labels) => Object.hasOwn(labels, existing) === (not === undefined);
  return undefined;
}

/**
 * Reads a label selector: `=`, `==`, `!=`, `in`, `notin`, `key`, `!key`, joined by commas.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
export function parseLabelSelector(text: string): Outcome<Matcher> {
  const requirements: ((labels: Record<string, string>) => boolean)[] = [];
  for (const part of split(text)) {
    const requirement = parseRequirement(part);
    if (requirement === undefined) {
      return refused(
        badRequest(`unable to parse requirement: ${JSON.stringify(part)} is no label requirement`),
      );
    }
    requirements.push(requirement);
  }
  return done(({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {})));
}

const anyObject = ['metadata.name', 'metadata.namespace'];
const supported: Readonly<Record<string, readonly string[]>> = {
  pods: ['spec.nodeName', 'spec.restartPolicy', 'status.phase', 'status.podIP'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  replicasets: ['status.replicas'],
};

function fieldOf(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const key of path === 'source' ? ['source', 'component'] : path.split('.')) {
    value = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** Reads a field selector for a resource; a field the API does not index is refused in its words. */
export function parseFieldSelector(resource: string, text: string): Outcome<Matcher> {
  const requirements: Matcher[] = [];
  for (const part of split(text)) {
    const [, field, operator, value] = /^([A-Za-z.]+)(==|!=|=)(.*)$/.exec(part) ?? [];
    if (field === undefined || value === undefined) {
      return refused(badRequest(`invalid selector: '${part}'; can't understand '${part}'`));
    }
    if (!anyObject.includes(field) && !(supported[resource] ?? []).includes(field)) {
      return refused(badRequest(`field label not supported: ${field}`));
    }
    requirements.push((object) => (fieldOf(object, field) === value) === (operator !== '!='));
  }
  return done((object) => requirements.every((holds) => holds(object)));
}
