import * as v from 'valibot';
import type { ApiResult } from './apiFailure.ts';
import type { Transport } from './transport.ts';

const reviewSchema = v.object({
  status: v.object({ allowed: v.boolean(), reason: v.nullish(v.string()) }),
});

/**
 * Whether the credentials may do what `resourceAttributes` name; undefined when the answer cannot be read. Changes nothing.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
 */
export async function fetchAccessReview(
  transport: Transport,
  resourceAttributes: object,
  signal: AbortSignal,
): Promise<ApiResult<boolean | undefined>> {
  const answer = await transport.json(
    {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      }),
    },
    signal,
  );
  if (!answer.ok) return answer;
  const parsed = v.safeParse(reviewSchema, answer.value);
  return { ok: true, value: parsed.success ? parsed.output.status.allowed : undefined };
}
