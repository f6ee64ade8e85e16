import { claimsDocument, isDocument, textOf } from './documents.ts';
import type { JiraAnswer, JiraCall } from './jiraCall.ts';
import { badRequest, isRecord, issueOf, JiraRefusal, may, needCaller, objectBody } from './jiraCall.ts';
import type { JiraIssue, JiraRemoteLink, JiraTransition } from './jiraState.ts';
import { readProperties } from './issueProperties.ts';
import { shownComment, shownRemoteLink, shownStatus } from './shownJira.ts';

const openTransitions = (call: JiraCall, issue: JiraIssue): readonly JiraTransition[] =>
  may(call, issue.project, 'TRANSITION_ISSUES')
    ? issue.project.transitions.filter(({ from }) => from === undefined || from === issue.status.id)
    : [];

/**
 * GET …/transitions: those open to the caller from the present status; ids differ between projects. What a screen wants
 * is told with `expand=transitions.fields`.
 */
export function listTransitions(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  const issue = issueOf(call, key);
  const withFields = (call.query.get('expand') ?? '').split(',').includes('transitions.fields');
  const transitions = openTransitions(call, issue).map(({ id, name, from, to, required = {} }) => {
    const status = issue.project.statuses.find((each) => each.id === to);
    return {
      id,
      name,
      to: status === undefined ? undefined : shownStatus(call, status),
      hasScreen: Object.keys(required).length > 0,
      isGlobal: from === undefined,
      isInitial: false,
      isAvailable: true,
      isConditional: false,
      isLooped: false,
      ...(withFields ? { fields: shownFields(required) } : {}),
    };
  });
  return { status: 200, body: { expand: 'transitions', transitions } };
}

const shownFields = (required: NonNullable<JiraTransition['required']>): unknown =>
  Object.fromEntries(
    Object.entries(required).map(([key, values]) => [
      key,
      {
        required: true,
        hasDefaultValue: false,
        key,
        name: key,
        operations: ['set'],
        allowedValues: values.map((name, index) => ({ id: String(index + 1), name })),
      },
    ]),
  );

/** The fields of the screen that were left out or are none of those allowed, with what Jira says of each. */
function missingFields(required: NonNullable<JiraTransition['required']>, given: unknown) {
  const fields = isRecord(given) ? given : {};
  return Object.fromEntries(
    Object.entries(required)
      .filter(([key, values]) => {
        const { id, name } = isRecord(fields[key]) ? fields[key] : {};
        return !values.some((value, index) => value === name || String(index + 1) === id);
      })
      .map(([key]) => [key, `${key} is required.`]),
  );
}

/** POST …/transitions: 204; one that is not open now, or without what its screen wants, is refused. */
export function transitionIssue(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  needCaller(call);
  const issue = issueOf(call, key);
  const { transition, fields } = objectBody(call);
  const id = isRecord(transition) ? transition['id'] : undefined;
  if (typeof id !== 'string' && typeof id !== 'number') throw badRequest("Missing 'transition' identifier");
  const open = openTransitions(call, issue).find((each) => each.id === String(id));
  const status = issue.project.statuses.find((each) => each.id === open?.to);
  if (status === undefined) throw badRequest(`Transition id '${id}' is not valid for this issue.`);
  const missing = missingFields(open?.required ?? {}, fields);
  if (Object.keys(missing).length > 0) throw new JiraRefusal(400, [], missing);
  issue.status = status;
  call.store.changed(issue);
  return { status: 204 };
}

/** GET …/comment: oldest first, in pages by `startAt`. */
export function listComments(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  const issue = issueOf(call, key);
  const startAt = Number(call.query.get('startAt') ?? 0);
  const maxResults = Number(call.query.get('maxResults') ?? 5000);
  const newestFirst = call.query.get('orderBy') === '-created';
  const ordered = newestFirst ? issue.comments.toReversed() : issue.comments;
  return {
    status: 200,
    body: {
      startAt,
      maxResults,
      total: issue.comments.length,
      comments: ordered
        .slice(startAt, startAt + maxResults)
        .map((comment) => shownComment(call, issue, comment)),
    },
  };
}

/** POST …/comment: the body is a document, not a text. No idempotency key. */
export function addComment(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  const { accountId, displayName } = needCaller(call);
  const issue = issueOf(call, key);
  if (!may(call, issue.project, 'ADD_COMMENTS'))
    throw badRequest(`${displayName}, you do not have the permission to comment on this issue.`);
  const { body, properties } = objectBody(call);
  if (body === undefined || body === null || body === '')
    throw new JiraRefusal(400, [], { comment: 'Comment body can not be empty!' });
  if (!claimsDocument(body)) throw badRequest('Comment body is not valid!');
  if (!isDocument(body)) throw badRequest('INVALID_INPUT');
  if (textOf(body) === '') throw new JiraRefusal(400, [], { comment: 'Comment body can not be empty!' });
  if (textOf(body).length > 32_767)
    throw new JiraRefusal(400, [], {
      comment: 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.',
    });
  const comment = call.store.addComment(issue, accountId, body, readProperties(properties));
  return { status: 201, body: shownComment(call, issue, comment) };
}

/** GET …/remotelink: all of them, or with `globalId` that one alone (an object, or 404). */
export function listRemoteLinks(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  const issue = issueOf(call, key);
  const globalId = call.query.get('globalId');
  if (globalId === null)
    return { status: 200, body: issue.remoteLinks.map((link) => shownRemoteLink(call, issue, link)) };
  const found = issue.remoteLinks.find((link) => link.globalId === globalId);
  if (found === undefined)
    throw new JiraRefusal(404, [
      `No remote link with global ID '${globalId}' could be found for issue '${issue.key}'.`,
    ]);
  return { status: 200, body: shownRemoteLink(call, issue, found) };
}

function readLink(call: JiraCall): Omit<JiraRemoteLink, 'id'> {
  const { globalId, object, relationship, application } = objectBody(call);
  const errors: Record<string, string> = {};
  const given = isRecord(object) ? object : {};
  for (const name of ['url', 'title'])
    if (typeof given[name] !== 'string' || given[name] === '') errors[name] = `'${name}' is required.`;
  if (typeof given['url'] === 'string' && given['url'] !== '' && !URL.canParse(given['url']))
    errors['url'] = 'Invalid URL.';
  if (typeof given['title'] === 'string' && given['title'].length > 255)
    errors['title'] = "'title' cannot be longer than 255 characters.";
  if (globalId !== undefined && (typeof globalId !== 'string' || globalId.length > 255))
    errors['globalId'] = "'globalId' cannot be longer than 255 characters.";
  if (Object.keys(errors).length > 0) throw new JiraRefusal(400, [], errors);
  return {
    globalId: typeof globalId === 'string' ? globalId : undefined,
    object: given,
    relationship,
    application,
  };
}

/**
 * POST …/remotelink: with a `globalId` that is there already it replaces (200), else it creates (201), so it may be
 * sent twice. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-remote-links/
 */
export function putRemoteLink(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  needCaller(call);
  const issue = issueOf(call, key);
  if (!may(call, issue.project, 'LINK_ISSUES'))
    throw new JiraRefusal(403, ['You do not have permission to link issues in this project.']);
  const given = readLink(call);
  const at = issue.remoteLinks.findIndex(
    ({ globalId }) => globalId !== undefined && globalId === given.globalId,
  );
  const link = { ...given, id: issue.remoteLinks[at]?.id ?? call.store.nextId() };
  if (at < 0) issue.remoteLinks.push(link);
  else issue.remoteLinks[at] = link;
  return {
    status: at < 0 ? 201 : 200,
    body: { id: link.id, self: `${call.base}/rest/api/3/issue/${issue.key}/remotelink/${link.id}` },
  };
}
