import type { WebReply } from '../webApi.ts';
import type { PagerDutyEscalationPolicy, PagerDutyService, PagerDutyUser } from './directory.ts';
import { isOpen } from './incident.ts';
import { head, reference, stamp } from './pagerDutyBodies.ts';
import { invalidInput, missingAbility, notFound } from './pagerDutyRefusal.ts';
import type { PagerDutyStore } from './pagerDutyStore.ts';
import { pagedBody, readList, readTime } from './paging.ts';

const ok = (body: unknown): WebReply => ({ status: 200, body });

const userBody = (user: PagerDutyUser): unknown => ({
  ...head('user', user.id, user.name),
  name: user.name,
  email: user.email,
  time_zone: 'UTC',
  color: 'green',
  role: user.role,
  avatar_url: 'https://pd-static-assets.pagerduty.com/users/blank-avatar.png',
  description: null,
  invitation_sent: false,
  created_via_sso: false,
  contact_methods: [],
  notification_rules: [],
  job_title: user.jobTitle,
  teams: [],
});

function serviceBody(store: PagerDutyStore, service: PagerDutyService): unknown {
  const open = store.incidents.filter((one) => one.service === service.id && isOpen(one));
  const triggered = open.some(({ status }) => status === 'triggered');
  return {
    ...head('service', service.id, service.name),
    name: service.name,
    description: service.description,
    created_at: '2025-01-06T09:00:00Z',
    status: triggered ? 'critical' : open.length > 0 ? 'warning' : 'active',
    auto_resolve_timeout: null,
    acknowledgement_timeout: 1800,
    alert_creation: 'create_alerts_and_incidents',
    incident_urgency_rule: { type: 'constant', urgency: 'high' },
    escalation_policy: reference(store, 'escalation_policy', service.escalationPolicy),
    teams: [],
    integrations: [{ id: service.integration, type: 'events_api_v2_inbound_integration_reference' }],
  };
}

const policyBody = (store: PagerDutyStore, policy: PagerDutyEscalationPolicy): unknown => ({
  ...head('escalation_policy', policy.id, policy.name),
  name: policy.name,
  description: null,
  num_loops: 2,
  on_call_handoff_notifications: 'if_has_services',
  escalation_rules: policy.levels.map((targets, index) => ({
    id: `${policy.id}${index + 1}`,
    escalation_delay_in_minutes: 15,
    targets: targets.map(({ type, id }) => reference(store, type, id)),
  })),
  services: store.services
    .filter(({ escalationPolicy }) => escalationPolicy === policy.id)
    .map(({ id }) => reference(store, 'service', id)),
  teams: [],
});

const named = <T extends { readonly name: string; readonly email?: string }>(
  list: readonly T[],
  query: URLSearchParams,
): T[] => {
  const words = (query.get('query') ?? '').toLowerCase();
  // The reference speaks of names alone; PagerDuty's own clients find users by their e-mail with it.
  return list.filter(({ name, email = '' }) =>
    [name, email].some((text) => text.toLowerCase().includes(words)),
  );
};

/** Who is on call at some time between `since` and `until`, both now unless told otherwise. */
function onCalls(store: PagerDutyStore, query: URLSearchParams): WebReply {
  const since = readTime(query, 'since') ?? store.now();
  const until = readTime(query, 'until') ?? Math.max(since, store.now());
  if (until < since) throw invalidInput('until must not be before since');
  const policies = readList(query, 'escalation_policy_ids');
  const schedules = readList(query, 'schedule_ids');
  const users = readList(query, 'user_ids');
  const include = readList(query, 'include') ?? [];
  const found = store.onCalls
    .filter(
      (one) =>
        (one.start ?? -Infinity) <= until &&
        (one.end ?? Infinity) > since &&
        (policies?.includes(one.escalationPolicy) ?? true) &&
        (schedules?.includes(one.schedule ?? 'null') ?? true) &&
        (users?.includes(one.user) ?? true),
    )
    .sort((a, b) => a.level - b.level);
  const body = pagedBody('oncalls', found, query, (one) => {
    const user = store.users.find(({ id }) => id === one.user);
    return {
      user:
        include.includes('users') && user !== undefined ? userBody(user) : reference(store, 'user', one.user),
      schedule: one.schedule === undefined ? null : reference(store, 'schedule', one.schedule),
      escalation_policy: reference(store, 'escalation_policy', one.escalationPolicy),
      escalation_level: one.level,
      start: one.start === undefined ? null : stamp(one.start),
      end: one.end === undefined ? null : stamp(one.end),
    };
  });
  return ok(body);
}

function byId<T extends { readonly id: string }>(list: readonly T[], id: string): T {
  const found = list.find((one) => one.id === id);
  if (found === undefined) throw notFound();
  return found;
}

type Answer = (store: PagerDutyStore, query: URLSearchParams, id: string) => WebReply;

/** The reads of everything that incidents refer to; `/users/me` is with the caller. */
export const directoryAnswers: readonly (readonly [RegExp, Answer])[] = [
  [/^\/users$/, (store, query) => ok(pagedBody('users', named(store.users, query), query, userBody))],
  [/^\/users\/([^/]+)$/, ({ users }, _query, id) => ok({ user: userBody(byId(users, id)) })],
  [
    /^\/services$/,
    (store, query) =>
      ok(pagedBody('services', named(store.services, query), query, (one) => serviceBody(store, one))),
  ],
  [
    /^\/services\/([^/]+)$/,
    (store, _query, id) => ok({ service: serviceBody(store, byId(store.services, id)) }),
  ],
  [
    /^\/escalation_policies$/,
    (store, query) =>
      ok(
        pagedBody('escalation_policies', named(store.escalationPolicies, query), query, (one) =>
          policyBody(store, one),
        ),
      ),
  ],
  [
    /^\/escalation_policies\/([^/]+)$/,
    (store, _query, id) => ok({ escalation_policy: policyBody(store, byId(store.escalationPolicies, id)) }),
  ],
  [
    /^\/priorities$/,
    ({ priorities }, query) =>
      ok(
        pagedBody('priorities', priorities, query, ({ id, name, description }) => ({
          ...head('priority', id, name),
          name,
          description,
        })),
      ),
  ],
  [/^\/oncalls$/, onCalls],
  [/^\/abilities$/, ({ abilities }) => ok({ abilities: [...abilities] })],
  [
    /^\/abilities\/([^/]+)$/,
    ({ abilities }, _query, id) => {
      if (!abilities.has(id)) throw missingAbility(id);
      return { status: 204 };
    },
  ],
];

/** The user of the key; with a key of the account a 400 whose `error` is a text, not an object. */
export const currentUser = (user: PagerDutyUser | undefined): WebReply =>
  user === undefined
    ? { status: 400, body: { error: 'This endpoint cannot be used with an account-level access token.' } }
    : ok({ user: userBody(user) });
