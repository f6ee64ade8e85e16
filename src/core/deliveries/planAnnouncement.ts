import type { Guide } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';
import { utcDateTime } from '../incident/instants.ts';
import { escalationOf, holdsFor, sameSeverity } from '../incident/progress.ts';
import { pageLabel, type AnnouncementRow } from './announcement.ts';
import type { Addressee, DeliveryRequest } from './delivery.ts';
import type { PublicDraft } from '../views/audienceDrafts.ts';
import type { OutwardPlaces, TicketPlace } from './outwardPlaces.ts';
import { linksBetween, withLinks } from './planLinks.ts';

/** What stands around an incident that is to be told of. */
export interface AnnouncementInput {
  readonly incident: Incident;
  readonly guide: Guide | undefined;
  readonly places: OutwardPlaces;
  /** The escalation row's people and those on call, as far as the people file and PagerDuty know them. */
  readonly people: readonly Addressee[];
  /** Roles of the row that nobody is known for: named in the first message. */
  readonly unknownRoles: readonly string[];
  /** A page the incident was declared from: PagerDuty has its incident already. */
  readonly page: string | undefined;
  /** What customers would read; a person sees and changes it first. */
  readonly forCustomers: PublicDraft;
}

/** An address of ours that opens the incident in the editor. */
export const incidentLink = (incident: Pick<Incident, 'number'>): string =>
  `vscode://incident-response.incident-response/open?incident=${encodeURIComponent(incident.number)}`;

/** `incident-{number}` with the incident's values, in the letters Slack allows; at most 80. */
export function channelNameOf(
  pattern: string,
  { number, severity, service }: Pick<Incident, 'number' | 'severity' | 'service'>,
): string {
  const values: Readonly<Record<string, string>> = { number, severity, service: service ?? 'unknown' };
  return pattern
    .replace(/\{(number|severity|service)\}/g, (_, key: string) => values[key] ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
}

/** Who is told of an incident that has just been declared, each place with the text it gets. Nothing for a drill. */
export function planAnnouncement(input: AnnouncementInput): readonly AnnouncementRow[] {
  const { incident, places } = input;
  if (incident.drill) return [];
  const wanted = [
    ...slackRows(input),
    ...places.tickets.map((place) => ticketRow(input, place)),
    ...pagerDutyRows(input),
    ...statusPageRows(input),
    ...webhookRows(input),
  ];
  // A key counts once, whatever became of it: only what was never asked for, or called off, is offered.
  const taken = new Set(
    incident.deliveries.filter(({ state }) => state !== 'dropped').map(({ delivery }) => delivery),
  );
  const isOpen = ({ delivery }: DeliveryRequest): boolean => !taken.has(delivery);
  const rows = wanted
    .map((row) => ({ ...row, requests: row.requests.filter(isOpen) }))
    .filter(({ requests }) => requests.length > 0);
  return withLinks(rows, (system) => linksBetween(incident, places, system).filter(isOpen));
}

function slackRows({ incident, guide, places, people, unknownRoles }: AnnouncementInput): AnnouncementRow[] {
  if (!places.slack) return [];
  const { baseUrl, channelName } = places.slack;
  const name = channelNameOf(channelName, incident);
  const text = firstMessage(incident, guide, unknownRoles);
  const request = (delivery: string, task: DeliveryRequest['task'], ...after: string[]): DeliveryRequest => ({
    delivery,
    task,
    place: { baseUrl },
    after,
  });
  const channel = 'slack/create-channel';
  return [
    {
      id: 'slack',
      system: 'slack',
      label: `Slack channel #${name}`,
      text,
      picked: true,
      requests: [
        request(channel, { system: 'slack', act: 'create-channel', name, topic: topicOf(incident) }),
        request('slack/post/first', { system: 'slack', act: 'post', text, pin: true }, channel),
        ...(people.length > 0
          ? [request('slack/invite/first', { system: 'slack', act: 'invite', people }, channel)]
          : []),
      ],
    },
  ];
}

/** `SEV2 Payments failing · payment-service`, for the channel's topic. */
export const topicOf = ({ severity, title, service }: Incident): string =>
  [`${severity} ${title}`, service].filter(Boolean).join(' · ').slice(0, 250);

const facts = (incident: Incident): readonly string[] => [
  `**${incident.severity} ${incident.title}** (${incident.number})`,
  `- Service: ${incident.service ?? 'not known yet'}`,
  `- Declared: ${utcDateTime(incident.declaredAt)} by ${incident.declaredBy}`,
  `- Onset: ${incident.onsetAt === undefined ? 'not known yet' : utcDateTime(incident.onsetAt)}`,
  ...incident.signals.map(({ title, url }) => `- Alert: ${title}${url ? ` ${url}` : ''}`),
];

const linksOf = (incident: Incident, guide: Guide | undefined): readonly string[] => {
  const runbooks = incident.signals.flatMap(({ runbookUrl }) => (runbookUrl ? [runbookUrl] : []));
  const web = (guide?.links ?? []).filter(({ resolved }) => /^https?:/i.test(resolved));
  return [
    ...runbooks.map((url) => `- Runbook: ${url}`),
    ...web.slice(0, 5).map(({ text, resolved }) => `- ${text || resolved}: ${resolved}`),
    `- Open in VS Code: ${incidentLink(incident)}`,
  ];
};

function firstMessage(incident: Incident, guide: Guide | undefined, unknownRoles: readonly string[]): string {
  const row = guide && escalationOf(incident, guide);
  return [
    ...facts(incident),
    ...(row ? [`- Escalate to: ${row.escalateTo}`] : []),
    ...(unknownRoles.length > 0 ? [`- Not invited, nobody is known for: ${unknownRoles.join(', ')}`] : []),
    ...linksOf(incident, guide),
  ].join('\n');
}

/** The label that carries the severity on a ticket; those of the guide's other severities are taken off by it. */
export const severityLabel = (severity: string): string =>
  `severity-${severity.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}`;

function ticketRow({ incident, guide }: AnnouncementInput, place: TicketPlace): AnnouncementRow {
  const { system, ...where } = place;
  const title = `${incident.severity} ${incident.title} (${incident.number})`;
  // The title says the first line already.
  const body = [...facts(incident).slice(1), ...linksOf(incident, guide)].join('\n');
  const labels = ['incident', severityLabel(incident.severity)];
  const target = place.system === 'github' ? place.repository : place.project;
  return {
    id: system,
    system,
    label: `${system === 'github' ? 'GitHub' : 'Jira'} issue in ${target}`,
    text: `${title}\n${body}`,
    picked: true,
    requests: [
      {
        delivery: `${system}/create-ticket`,
        task: { system, act: 'create-ticket', title, body, labels },
        place: { ...where },
        after: [],
      },
    ],
  };
}

function pagerDutyRows({ incident, guide, places, people, page }: AnnouncementInput): AnnouncementRow[] {
  if (!places.pagerduty) return [];
  const place = { ...places.pagerduty };
  const text = facts(incident).join('\n');
  const isUrgent = isAmongHighest(incident, guide);
  const create = page ? 'pagerduty/adopt-incident' : 'pagerduty/create-incident';
  const responders = people.filter(({ pagerduty, email }) => pagerduty ?? email);
  const title = `${incident.severity} ${incident.title} (${incident.number})`;
  return [
    {
      id: 'pagerduty',
      system: 'pagerduty',
      label: page ? 'PagerDuty incident, the one that paged' : 'PagerDuty incident',
      text: page ? `${page}\n${text}` : text,
      // Paging people for something without urgency is a choice.
      picked: isUrgent || page !== undefined,
      requests: [
        {
          delivery: create,
          task: page
            ? { system: 'pagerduty', act: 'adopt-incident', incident: page }
            : {
                system: 'pagerduty',
                act: 'create-incident',
                title,
                text,
                urgency: isUrgent ? 'high' : 'low',
              },
          place,
          after: [],
        },
        ...(isUrgent && responders.length > 0
          ? [
              {
                delivery: 'pagerduty/request-responders/first',
                task: {
                  system: 'pagerduty' as const,
                  act: 'request-responders' as const,
                  message: title,
                  people: responders,
                },
                place,
                after: [create],
              },
            ]
          : []),
      ],
    },
  ];
}

/** The two highest severities of the guide, or of the usual four. */
export function isAmongHighest(incident: Incident, guide: Guide | undefined): boolean {
  const names = guide?.severities.length ? guide.severities.map(({ name }) => name) : ['SEV1', 'SEV2'];
  return names.slice(0, 2).some((name) => sameSeverity(name, incident.severity));
}

const statusPageWords = /status[\s-]?page|statusseite|p[áa]gina de estado|page d[’']état/i;

/**
 * Whether the guide has a status page for this severity: by `Status page (if SEV1/SEV2)` among what a declare creates, by
 * its `/statuspage` line, else for its two highest severities.
 */
export function wantsStatusPage(incident: Incident, guide: Guide | undefined): boolean {
  const said = (guide?.phases ?? [])
    .flatMap(({ parts }) => parts)
    .flatMap((part) => {
      if (part.kind === 'reading')
        return part.items
          .filter(({ text }) => statusPageWords.test(text))
          .map(({ severities }) => severities);
      return part.kind === 'act' && /^status-?page$/i.test(part.act.name) && part.act.severities
        ? [part.act.severities]
        : [];
    })
    .filter((severities) => severities.length > 0);
  return said.length > 0
    ? said.some((severities) => holdsFor(severities, incident.severity))
    : isAmongHighest(incident, guide);
}

/** The status page's own row: not picked before its text was seen and the choice about notifications was made. */
function statusPageRows({ incident, guide, places, forCustomers }: AnnouncementInput): AnnouncementRow[] {
  if (!places.statuspage || !wantsStatusPage(incident, guide)) return [];
  return [statusPageRow({ ...places.statuspage }, forCustomers)];
}

/** A new incident on the status page, whose subscribers are not written to unless somebody says so. */
export function statusPageRow(
  place: Readonly<Record<string, string>>,
  { name, status, text }: PublicDraft,
): AnnouncementRow {
  const task = { system: 'statuspage', act: 'create-incident', name, status, text, notify: false } as const;
  return {
    id: 'statuspage',
    system: 'statuspage',
    label: pageLabel(task),
    text,
    picked: false,
    requests: [{ delivery: 'statuspage/create-incident', task, place, after: [] }],
  };
}

/** The facts a webhook is sent, as text. */
export const payloadOf = (incident: Incident): Readonly<Record<string, string>> => ({
  severity: incident.severity,
  service: incident.service ?? '',
  status: incident.status,
  declaredAt: incident.declaredAt,
  link: incidentLink(incident),
});

function webhookRows({ incident, places }: AnnouncementInput): AnnouncementRow[] {
  return places.webhooks.map(({ name }) => {
    const payload = payloadOf(incident);
    return {
      id: `webhook/${name}`,
      system: 'webhook',
      label: `Webhook ${name}`,
      text: JSON.stringify(payload),
      picked: true,
      requests: [
        {
          delivery: `webhook/${name}/declared`,
          task: { system: 'webhook', act: 'send', event: 'declared', payload },
          place: { name },
          after: [],
        },
      ],
    };
  });
}
