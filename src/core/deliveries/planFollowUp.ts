import type { Incident } from '../incident/incident.ts';
import { pageLabel, type AnnouncementRow } from './announcement.ts';
import type { DeliveryRequest, DeliveryTask, OutwardSystem } from './delivery.ts';
import { severityLabel, topicOf } from './planAnnouncement.ts';
import { planWebhooks } from './planWebhooks.ts';
import { ownOf, ownPlace } from './ownPlace.ts';
import { pageAgain } from './pageAgain.ts';

/** Something of an incident that those who were told of it are told too. */
export type FollowUp =
  | { readonly kind: 'severity'; readonly before: string; readonly reason: string | undefined }
  | { readonly kind: 'acknowledged' }
  /** `heads`: the last hash of each writer's chain, for the ticket alone. */
  | {
      readonly kind: 'resolved';
      readonly message: string;
      readonly publicText: string;
      readonly heads: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'reopened'; readonly reason: string | undefined; readonly publicText: string };

const channel = 'slack/create-channel';
const statusPage = 'statuspage/create-incident';

/**
 * Where a follow-up goes: to what the incident already has, in its own place. `mark` makes its deliveries' keys its own
 * (a ULID). Texts are whole, for a person to see; what customers would read is never picked by itself.
 */
export function planFollowUp(incident: Incident, what: FollowUp, mark: string): readonly AnnouncementRow[] {
  if (incident.drill) return [];
  const rows: AnnouncementRow[] = [];
  const add = (
    system: OutwardSystem,
    create: string,
    label: string,
    text: string,
    tasks: readonly DeliveryTask[],
    picked = true,
  ): void => {
    const place = ownPlace(incident, create)?.place;
    if (!place || tasks.length === 0) return;
    const requests = tasks.map((task): DeliveryRequest => ({
      delivery: `${task.system}/${task.act}/${mark}`,
      task,
      place,
      after: [create],
    }));
    rows.push({ id: create, system, label, text, picked, requests });
  };
  const message = messageOf(incident, what);
  if (message !== undefined)
    add('slack', channel, 'Slack channel', message, [
      { system: 'slack', act: 'post', text: message },
      ...(what.kind === 'acknowledged'
        ? []
        : [{ system: 'slack' as const, act: 'set-topic' as const, topic: topicFor(incident) }]),
    ]);
  for (const system of ['github', 'jira'] as const) {
    const text = what.kind === 'resolved' ? withHeads(what.message, what.heads) : (message ?? '');
    const tasks = ticketTasks(system, incident, what, text);
    add(system, `${system}/create-ticket`, `${system === 'github' ? 'GitHub' : 'Jira'} issue`, text, tasks);
  }
  if (what.kind === 'reopened') rows.push(...pageAgain(incident, what.reason, mark));
  const page = ownOf(incident, 'pagerduty');
  if (page)
    add(
      'pagerduty',
      page.delivery,
      'PagerDuty incident',
      pagerDutyText(what, message),
      pagerDutyTasks(what, message),
    );
  if (what.kind === 'resolved' || what.kind === 'reopened') {
    const task = {
      system: 'statuspage',
      act: 'update-incident',
      status: what.kind === 'resolved' ? 'resolved' : 'investigating',
      text: what.publicText,
      notify: false,
    } as const;
    add('statuspage', statusPage, pageLabel(task), what.publicText, [task], false);
  }
  if (what.kind !== 'acknowledged')
    for (const request of planWebhooks(incident, what.kind, { message: message ?? '' }, mark))
      rows.push({
        id: request.delivery,
        system: 'webhook',
        label: `Webhook ${request.place['name'] ?? ''}`,
        text: 'payload' in request.task ? JSON.stringify(request.task.payload) : '',
        picked: true,
        requests: [request],
      });
  return rows;
}

/**
 * The message with the journal's heads behind it: kept outside of the journal, they show later whether its end was cut
 * off or written anew.
 */
function withHeads(message: string, heads: Readonly<Record<string, string>>): string {
  const lines = Object.entries(heads)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([writer, head]) => `- ${writer} ${head}`);
  return lines.length === 0
    ? message
    : [message, '', 'Journal at the resolution (writer, SHA-256 of its last line):', ...lines].join('\n');
}

const topicFor = (incident: Incident): string =>
  incident.status === 'resolved' ? `Resolved: ${topicOf(incident)}`.slice(0, 250) : topicOf(incident);

const because = (reason: string | undefined): string => (reason ? `: ${reason}` : '');

function messageOf(incident: Incident, what: FollowUp): string | undefined {
  switch (what.kind) {
    case 'severity':
      return `Severity changed from ${what.before} to **${incident.severity}**${because(what.reason)}`;
    case 'acknowledged':
      return undefined;
    case 'resolved':
      return what.message;
    case 'reopened':
      return `**Reopened**${because(what.reason)}`;
  }
}

function ticketTasks(
  system: 'github' | 'jira',
  incident: Incident,
  what: FollowUp,
  text: string,
): readonly DeliveryTask[] {
  switch (what.kind) {
    case 'severity':
      return [
        { system, act: 'set-severity', label: severityLabel(incident.severity) },
        { system, act: 'comment', text },
      ];
    case 'acknowledged':
      return [];
    case 'resolved':
      return [{ system, act: 'close', text }];
    case 'reopened':
      return [{ system, act: 'reopen', text }];
  }
}

/** A resolved PagerDuty incident cannot be opened again: the note says that this one was, and a new one is offered. */
function pagerDutyTasks(what: FollowUp, message: string | undefined): readonly DeliveryTask[] {
  const system = 'pagerduty';
  switch (what.kind) {
    case 'acknowledged':
      return [{ system, act: 'acknowledge' }];
    case 'resolved':
      return [{ system, act: 'resolve' }];
    case 'severity':
    case 'reopened':
      return message === undefined ? [] : [{ system, act: 'note', text: message }];
  }
}

function pagerDutyText(what: FollowUp, message: string | undefined): string {
  switch (what.kind) {
    case 'acknowledged':
      return 'is acknowledged there too';
    case 'resolved':
      return 'is resolved there too';
    case 'severity':
    case 'reopened':
      return message ?? '';
  }
}
