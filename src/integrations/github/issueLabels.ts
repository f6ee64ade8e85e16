import * as v from 'valibot';
import type { ApiFailure } from '../askJson.ts';
import type { GitHubApi } from './githubApi.ts';

const longestLabel = 50;

export const labelsSchema = v.array(v.union([v.string(), v.object({ name: v.nullish(v.string()) })]));

export interface LabelledIssue {
  readonly number: number;
  readonly labels: v.InferOutput<typeof labelsSchema>;
}

/** A label as GitHub can carry it. */
export const labelOf = (label: string): string => label.trim().slice(0, longestLabel);

/** Adds labels that the new issue did not get; gives those that cannot be had. */
export async function addMissingLabels(
  api: GitHubApi,
  repo: string,
  issue: LabelledIssue,
  labels: readonly string[],
): Promise<readonly string[]> {
  const missing = labels.filter((label) => !hasLabel(namesOf(issue), label));
  if (missing.length === 0) return missing;
  const addressed = repo.slice('/repos/'.length);
  for (const name of missing) {
    const body = { name, color: 'd73a4a', description: 'Set by Incident Response' };
    const made = await api.ask({
      method: 'POST',
      path: `${repo}/labels`,
      what: 'make a label',
      addressed,
      body,
    });
    // 422: it is there already.
    if (!made.ok && made.failure.status !== 422) return missing;
  }
  const added = await api.read(
    {
      method: 'POST',
      path: `${repo}/issues/${issue.number}/labels`,
      what: 'label the issue',
      addressed,
      body: { labels: missing },
    },
    labelsSchema,
  );
  return added.ok ? missing.filter((label) => !hasLabel(nameList(added.value), label)) : missing;
}

/** The names of what GitHub lists as labels. */
export const nameList = (labels: v.InferOutput<typeof labelsSchema>): readonly string[] =>
  labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));

export const namesOf = ({ labels }: Pick<LabelledIssue, 'labels'>): readonly string[] => nameList(labels);

/** GitHub tells labels apart without their case. */
export const hasLabel = (names: readonly string[], label: string): boolean =>
  names.some((name) => name.toLowerCase() === label.toLowerCase());

/** Whether an issue was refused for its labels: `errors: [{ resource: "Repository", field: "label", code: "unauthorized" }]` */
export function isAboutLabels({ status, body }: ApiFailure): boolean {
  const errors = (body as { readonly errors?: unknown } | undefined)?.errors;
  return (
    (status === 403 || status === 422) &&
    Array.isArray(errors) &&
    errors.some((error) => /^labels?$/.test(String((error as { readonly field?: unknown } | null)?.field)))
  );
}
