import type { IncomingMessage } from 'node:http';
import { mayDo } from './callers.ts';

const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

const parseSpec = (body: string): unknown => {
  try {
    return (JSON.parse(body) as { spec?: unknown } | null)?.spec ?? {};
  } catch {
    return {}; // kubectl asks in protobuf; who may do everything is answered the same whatever it asks
  }
};

/**
 * Answers the access reviews that `kubectl auth can-i` and clients ask.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
export function renderReview(
  path: string,
  body: string,
  request: IncomingMessage,
): Record<string, unknown> | undefined {
  const spec = parseSpec(body);
  const apiVersion = 'authorization.k8s.io/v1';
  if (path.endsWith('/selfsubjectaccessreviews')) {
    const { resourceAttributes } = spec as { resourceAttributes?: Record<string, string> };
    const { verb = '', group = '', resource = '', subresource } = resourceAttributes ?? {};
    const allowed = mayDo(request, { verb, group, resource, subresource });
    const status = allowed
      ? { allowed, reason: 'the simulated production allows it' }
      : { allowed, reason: '' };
    return { kind: 'SelfSubjectAccessReview', apiVersion, metadata: {}, spec, status };
  }
  if (path.endsWith('/selfsubjectrulesreviews')) {
    const nonResourceRules = [{ verbs: ['*'], nonResourceURLs: ['*'] }];
    const status = { resourceRules: [everything], nonResourceRules, incomplete: false };
    return { kind: 'SelfSubjectRulesReview', apiVersion, metadata: {}, spec, status };
  }
  return undefined;
}
