import * as v from 'valibot';
import type { Receipt } from '../../core/deliveries/delivery.ts';
import type { Result } from '../../core/errors.ts';
import { ok } from '../../core/errors.ts';
import type { ApiFailure, ApiResult } from '../askJson.ts';
import type { NewTicket, TicketCalls, TicketSystem } from '../tickets/ticketSystem.ts';
import { good } from '../tickets/ticketSystem.ts';
import { findComment } from './findComment.ts';
import { findIssue, markWith } from './findIssue.ts';
import type { JiraApi, JiraCall } from './jiraApi.ts';
import { createJiraApi } from './jiraApi.ts';
import type { JiraPlace } from './jiraPlace.ts';
import { issueKeyOf, readJiraPlace } from './jiraPlace.ts';
import { documentOf } from './markdownToAdf.ts';
import { moveIssue, statusSchema } from './transition.ts';

const longestSummary = 255;
const longestLabel = 255;

const createdSchema = v.object({ key: v.string() });
const stateSchema = v.object({
  fields: v.object({ status: statusSchema, labels: v.optional(v.array(v.string()), []) }),
});
const siteSchema = v.object({ baseUrl: v.string() });

/** Jira Cloud's issues of one project. */
export function connectJira(
  place: Readonly<Record<string, string>>,
  calls: TicketCalls,
): Result<TicketSystem> {
  const read = readJiraPlace(place);
  if (!read.ok) return read;
  return ok(jiraTickets(createJiraApi({ ...calls, ...read.value }), read.value));
}

function jiraTickets(api: JiraApi, place: JiraPlace): TicketSystem {
  const { project } = place;
  const receiptOf = async (key: string, detail?: string): Promise<Receipt> => ({
    id: key,
    name: key,
    url: `${await siteOf(api, place.baseUrl)}/browse/${key}`,
    ...(detail === undefined ? {} : { detail }),
  });
  const commentReceipt = ({ id: key, url }: Receipt, comment: string): Receipt => ({
    id: comment,
    name: key,
    ...(url === undefined ? {} : { url: `${url}?focusedCommentId=${comment}` }),
  });
  /** A call about one issue. */
  const about = (
    { id: key }: Receipt,
    { path, ...call }: Omit<JiraCall, 'addressed' | 'path'> & { readonly path: string },
  ): JiraCall => ({ ...call, path: `/issue/${key}${path}`, addressed: key });
  const readFields = (ticket: Receipt) =>
    api.read(
      about(ticket, { method: 'GET', path: '?fields=status,labels', what: 'read the issue' }),
      stateSchema,
    );

  return {
    ticketOf(receipt) {
      const key = issueKeyOf(receipt);
      const { url } = receipt;
      return key === undefined ? undefined : { id: key, name: key, ...(url === undefined ? {} : { url }) };
    },

    labelOf: (label) => label.trim().replace(/\s+/g, '-').slice(0, longestLabel),

    async findTicket(mark) {
      const key = await findIssue(api, project, mark);
      if (!key.ok) return key;
      return good(key.value === undefined ? undefined : await receiptOf(key.value));
    },

    async createTicket(ticket, key) {
      const create = (labels: readonly string[]): Promise<ApiResult<{ readonly key: string }>> =>
        api.read(
          {
            method: 'POST',
            path: '/issue',
            what: 'create the issue',
            addressed: project,
            body: {
              fields: { ...fieldsOf(ticket, place), ...(labels.length > 0 ? { labels } : {}) },
              properties: [markWith(key)],
            },
          },
          createdSchema,
        );
      const labels = ticket.labels.map(this.labelOf);
      const created = await create(labels);
      if (created.ok) return good(await receiptOf(created.value.key));
      // A project whose screen has no labels still has the issue.
      if (labels.length === 0 || !isAboutLabels(created.failure)) return created;
      const plain = await create([]);
      if (!plain.ok) return plain;
      return good(
        await receiptOf(
          plain.value.key,
          `without the labels ${labels.join(', ')}: the project's screen has none`,
        ),
      );
    },

    async findComment(ticket, { key }) {
      const found = await findComment(api, ticket.id, key);
      if (!found.ok) return found;
      return good(found.value === undefined ? undefined : commentReceipt(ticket, found.value));
    },

    async addComment(ticket, text, key) {
      const added = await api.read(
        about(ticket, {
          method: 'POST',
          path: '/comment',
          what: 'comment on the issue',
          body: { body: documentOf(text), properties: [markWith(key)] },
        }),
        v.object({ id: v.string() }),
      );
      return added.ok ? good(commentReceipt(ticket, added.value.id)) : added;
    },

    async readState(ticket) {
      const issue = await readFields(ticket);
      if (!issue.ok) return issue;
      const { status, labels } = issue.value.fields;
      return good({ isOpen: status.statusCategory.key !== 'done', labels });
    },

    async setLabels(ticket, { add, remove }) {
      const labels = [...remove.map((label) => ({ remove: label })), { add }];
      const set = await api.ask(
        about(ticket, {
          method: 'PUT',
          path: '',
          what: 'change the severity label',
          body: { update: { labels } },
        }),
      );
      return set.ok ? good(undefined) : set;
    },

    async setOpen(ticket, open) {
      const issue = await readFields(ticket);
      return issue.ok ? moveIssue(api, ticket.id, issue.value.fields.status.name, open) : issue;
    },
  };
}

const fieldsOf = ({ title, body }: NewTicket, { project, issueType }: JiraPlace) => ({
  project: { key: project },
  issuetype: /^\d+$/.test(issueType) ? { id: issueType } : { name: issueType },
  summary: title.replace(/\s+/g, ' ').trim().slice(0, longestSummary).toWellFormed(),
  description: documentOf(body),
});

const isAboutLabels = ({ status, body }: ApiFailure): boolean =>
  status === 400 &&
  (body as { readonly errors?: { readonly labels?: unknown } } | undefined)?.errors?.labels !== undefined;

/** The address people open: a token with scopes goes through Atlassian's gateway, which is no site. */
async function siteOf(api: JiraApi, baseUrl: string): Promise<string> {
  const base = baseUrl.replace(/\/+$/, '');
  if (!/\/ex\/jira\/[^/]+$/.test(base)) return base;
  const info = await api.read(
    { method: 'GET', path: '/serverInfo', what: 'read the site’s address', addressed: 'the site' },
    siteSchema,
  );
  return info.ok ? info.value.baseUrl.replace(/\/+$/, '') : base;
}
