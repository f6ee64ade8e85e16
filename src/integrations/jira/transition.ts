import * as v from 'valibot';
import type { ApiResult } from '../askJson.ts';
import { good } from '../tickets/ticketSystem.ts';
import type { JiraApi } from './jiraApi.ts';

/** `new`, `indeterminate` and `done` are Jira's keys for to do, in progress and done. */
const categorySchema = v.object({ statusCategory: v.object({ key: v.string() }), name: v.string() });
const fieldSchema = v.object({
  required: v.optional(v.boolean(), false),
  hasDefaultValue: v.optional(v.boolean(), false),
  name: v.optional(v.string()),
  allowedValues: v.optional(v.array(v.object({ id: v.optional(v.string()), name: v.optional(v.string()) }))),
});
const transitionsSchema = v.object({
  transitions: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      to: categorySchema,
      fields: v.optional(v.record(v.string(), fieldSchema), {}),
    }),
  ),
});

export const statusSchema = categorySchema;
export type Transition = v.InferOutput<typeof transitionsSchema>['transitions'][number];

export interface ChosenTransition {
  readonly id: string;
  /** What its screen asks for. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Words for an end that is not the usual one. */
const unusual = /\b(?:won['’]?t|cancel|declin|reject|duplicat|invalid|abandon|not?\b)/i;

/**
 * The transition that ends or reopens an issue: to a status of the category done, without a word of giving up in its
 * name where there is a choice; or to one in progress, else to do. One whose screen asks for what nobody here knows is
 * left out. Undefined when there is none.
 */
export function chooseTransition(
  transitions: readonly Transition[],
  open: boolean,
): ChosenTransition | undefined {
  const usable = transitions.flatMap((transition) => {
    const fields = requiredFields(transition);
    return fields === undefined ? [] : [{ transition, fields }];
  });
  const rank = ({ to, name }: Transition): number => {
    if (!open) return unusual.test(`${name} ${to.name}`) ? 1 : 0;
    return to.statusCategory.key === 'indeterminate' ? 0 : 1;
  };
  const [best] = usable
    .filter(({ transition }) => (transition.to.statusCategory.key !== 'done') === open)
    .sort((a, b) => rank(a.transition) - rank(b.transition));
  return best && { id: best.transition.id, fields: best.fields };
}

/** What a transition's screen wants; only a resolution can be answered for, by `Done` or its first value. */
function requiredFields({ fields }: Transition): ChosenTransition['fields'] | undefined {
  const required = Object.entries(fields).filter(([, { required: is, hasDefaultValue: has }]) => is && !has);
  if (required.length === 0) return {};
  const [[name, { allowedValues = [] }] = ['', {}]] = required;
  const value =
    allowedValues.find((one) => /^(?:done|fixed|resolved)$/i.test(one.name ?? '')) ?? allowedValues[0];
  if (required.length > 1 || name !== 'resolution' || !value) return undefined;
  return { resolution: value.id === undefined ? { name: value.name } : { id: value.id } };
}

/** Ends or reopens an issue: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ */
export async function moveIssue(
  api: JiraApi,
  issue: string,
  status: string,
  open: boolean,
): Promise<ApiResult<undefined>> {
  const what = open ? 'reopen the issue' : 'close the issue';
  const path = `/issue/${issue}/transitions`;
  const listed = await api.read(
    { method: 'GET', path: `${path}?expand=transitions.fields`, what, addressed: issue },
    transitionsSchema,
  );
  if (!listed.ok) return listed;
  const { transitions } = listed.value;
  const chosen = chooseTransition(transitions, open);
  if (!chosen) return noTransition(issue, status, transitions, open);
  const { id, fields } = chosen;
  const body = { transition: { id }, ...(Object.keys(fields).length > 0 ? { fields } : {}) };
  const moved = await api.ask({ method: 'POST', path, what, addressed: issue, body });
  return moved.ok ? good(undefined) : moved;
}

function noTransition(
  issue: string,
  status: string,
  transitions: readonly Transition[],
  open: boolean,
): ApiResult<never> {
  const there = transitions.map(({ name, to }) => `${name} (to ${to.name})`).join(', ') || 'none at all';
  return {
    ok: false,
    failure: {
      code: 'conflict',
      message: `${issue} is “${status}”, and no transition that this account may use ${open ? 'takes it back to work' : 'ends it'}; there are: ${there}. Move it in Jira and mark this as done by hand.`,
      retry: 'person',
    },
  };
}
