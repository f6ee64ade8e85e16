const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

const parseSpec = (body: string): unknown => {
  try {
    return (JSON.parse(body) as { spec?: unknown } | null)?.spec ?? {};
  } catch {
    return {}; // kubectl 1.33 asks in protobuf; the answer is the same whatever it asks
  }
};

/**
 * Answers the access reviews `kubectl auth can-i` asks: in the simulated production everything is allowed.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
export function renderReview(path: string, body: string): Record<string, unknown> | undefined {
  const spec = parseSpec(body);
  const apiVersion = 'authorization.k8s.io/v1';
  if (path.endsWith('/selfsubjectaccessreviews')) {
    const status = { allowed: true, reason: 'the simulated production allows everything' };
    return { kind: 'SelfSubjectAccessReview', apiVersion, metadata: {}, spec, status };
  }
  if (path.endsWith('/selfsubjectrulesreviews')) {
    const nonResourceRules = [{ verbs: ['*'], nonResourceURLs: ['*'] }];
    const status = { resourceRules: [everything], nonResourceRules, incomplete: false };
    return { kind: 'SelfSubjectRulesReview', apiVersion, metadata: {}, spec, status };
  }
  return undefined;
}
