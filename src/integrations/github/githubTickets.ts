import * as v from 'valibot';
import type { Receipt } from '../../core/deliveries/delivery.ts';
import { failed, ok } from '../../core/errors.ts';
import type { Result } from '../../core/errors.ts';
import type { ApiResult } from '../askJson.ts';
import type { TicketCalls, TicketSystem } from '../tickets/ticketSystem.ts';
import { good } from '../tickets/ticketSystem.ts';
import { eachPage } from './eachPage.ts';
import type { GitHubApi, GitHubCall } from './githubApi.ts';
import { createGitHubApi } from './githubApi.ts';
import { issueOf, repositoryOf } from './githubPlace.ts';
import {
  addMissingLabels,
  hasLabel,
  isAboutLabels,
  labelOf,
  labelsSchema,
  nameList,
  namesOf,
} from './issueLabels.ts';
import { markOf, titleOf, withMark } from './issueText.ts';
import { quietMentions } from './quietMentions.ts';

const issueSchema = v.object({
  number: v.number(),
  html_url: v.string(),
  state: v.string(),
  labels: v.optional(labelsSchema, []),
});
const listedIssueSchema = v.object({
  ...issueSchema.entries,
  body: v.nullish(v.string()),
  created_at: v.string(),
  pull_request: v.optional(v.unknown()),
});
const commentSchema = v.object({
  id: v.number(),
  html_url: v.string(),
  body: v.nullish(v.string()),
});

type Issue = v.InferOutput<typeof issueSchema>;

/** GitHub Issues of one repository: https://docs.github.com/rest/issues. */
export function connectGitHub(
  place: Readonly<Record<string, string>>,
  calls: TicketCalls,
): Result<TicketSystem> {
  const repository = repositoryOf(place);
  if (!repository.ok) return repository;
  const baseUrl = place['baseUrl'] ?? '';
  if (!URL.canParse(baseUrl))
    return failed('invalid', 'incident.github.baseUrl is no address. Nothing was sent.');
  return ok(githubTickets(createGitHubApi({ ...calls, baseUrl }), repository.value));
}

function githubTickets(api: GitHubApi, repository: string): TicketSystem {
  const repo = `/repos/${repository}`;
  /** A call about one issue. */
  const about = (ticket: Receipt, call: Omit<GitHubCall, 'addressed'>): GitHubCall => {
    const issue = issueOf(ticket, repository) ?? { repository, number: 0 };
    return {
      ...call,
      path: `/repos/${issue.repository}/issues/${issue.number}${call.path}`,
      addressed: `${issue.repository}#${issue.number}`,
    };
  };
  const receiptOf = ({ number, html_url: url }: Issue): Receipt => ({
    id: String(number),
    url,
    name: `${repository}#${number}`,
  });

  return {
    ticketOf(receipt) {
      const issue = issueOf(receipt, repository);
      if (!issue) return undefined;
      const { url } = receipt;
      return {
        id: String(issue.number),
        name: `${issue.repository}#${issue.number}`,
        ...(url === undefined ? {} : { url }),
      };
    },

    labelOf,

    async findTicket({ key, notBefore }) {
      const mark = markOf(key);
      let found: Receipt | undefined;
      const listed = await eachPage(
        api,
        {
          path: `${repo}/issues?state=all&sort=created&direction=desc`,
          what: 'look for the issue',
          addressed: repository,
        },
        v.array(listedIssueSchema),
        (issues) => {
          // The oldest one that carries the mark: a copy of its text comes later.
          const ours = issues.findLast((one) => one.pull_request === undefined && one.body?.includes(mark));
          if (ours) found = receiptOf(ours);
          return Date.parse(issues.at(-1)?.created_at ?? '') < Date.parse(notBefore);
        },
      );
      return listed.ok ? good(found) : listed;
    },

    async createTicket(ticket, key) {
      const create = (labels: readonly string[]): Promise<ApiResult<Issue>> =>
        api.read(
          {
            method: 'POST',
            path: `${repo}/issues`,
            what: 'create the issue',
            addressed: repository,
            body: {
              title: titleOf(ticket.title),
              body: withMark(quietMentions(ticket.body), key),
              labels,
            },
          },
          issueSchema,
        );
      const labels = ticket.labels.map(labelOf);
      let created = await create(labels);
      // Whoever may not make labels is refused the issue with them too; the issue matters more.
      if (!created.ok && isAboutLabels(created.failure)) created = await create([]);
      if (!created.ok) return created;
      const missing = await addMissingLabels(api, repo, created.value, labels);
      const receipt = receiptOf(created.value);
      return good(
        missing.length === 0
          ? receipt
          : { ...receipt, detail: `without the labels ${missing.join(', ')}: this token may not set them` },
      );
    },

    async findComment(ticket, { key }) {
      const mark = markOf(key);
      let found: Receipt | undefined;
      const listed = await eachPage(
        api,
        about(ticket, { method: 'GET', path: '/comments', what: 'look for the comment' }),
        v.array(commentSchema),
        (comments) => {
          const ours = comments.find(({ body }) => body?.includes(mark));
          if (ours) found = commentReceipt(ticket, ours);
          return ours !== undefined;
        },
      );
      return listed.ok ? good(found) : listed;
    },

    async addComment(ticket, text, key) {
      const added = await api.read(
        about(ticket, {
          method: 'POST',
          path: '/comments',
          what: 'comment on the issue',
          body: { body: withMark(text, key) },
        }),
        commentSchema,
      );
      return added.ok ? good(commentReceipt(ticket, added.value)) : added;
    },

    async readState(ticket) {
      const issue = await api.read(
        about(ticket, { method: 'GET', path: '', what: 'read the issue' }),
        issueSchema,
      );
      if (!issue.ok) return issue;
      return good({ isOpen: issue.value.state === 'open', labels: namesOf(issue.value) });
    },

    async setLabels(ticket, { add, remove }) {
      const what = 'change the severity label';
      const added = await api.read(
        about(ticket, { method: 'POST', path: '/labels', what, body: { labels: [add] } }),
        labelsSchema,
      );
      if (!added.ok) return added;
      if (!hasLabel(nameList(added.value), add)) return notTaken('the label');
      for (const label of remove) {
        const removed = await api.ask(
          about(ticket, { method: 'DELETE', path: `/labels/${encodeURIComponent(label)}`, what }),
        );
        // Somebody took it off in between.
        if (!removed.ok && removed.failure.status !== 404) return removed;
      }
      return good(undefined);
    },

    async setOpen(ticket, open) {
      const changed = await api.read(
        about(ticket, {
          method: 'PATCH',
          path: '',
          what: open ? 'reopen the issue' : 'close the issue',
          body: open
            ? { state: 'open', state_reason: 'reopened' }
            : { state: 'closed', state_reason: 'completed' },
        }),
        issueSchema,
      );
      if (!changed.ok) return changed;
      return (changed.value.state === 'open') === open ? good(undefined) : notTaken('the new state');
    },
  };
}

const commentReceipt = (
  { name }: Receipt,
  { id, html_url: url }: v.InferOutput<typeof commentSchema>,
): Receipt => ({ id: String(id), url, ...(name === undefined ? {} : { name }) });

/** GitHub answers with success and drops what the token may not set. */
const notTaken = (what: string): ApiResult<never> => ({
  ok: false,
  failure: {
    code: 'forbidden',
    message: `GitHub did not take ${what}: this token may not set it. Give it write access to issues (or the Triage role), then retry.`,
    retry: 'person',
  },
});
