import { uuid } from '../../state/names.ts';
import type { WebCall, WebReply } from '../webApi.ts';
import { setStatus } from './changeIncident.ts';
import { isOpen } from './incident.ts';
import type { Fields } from './pagerDutyRefusal.ts';
import { isFields } from './pagerDutyRefusal.ts';
import type { PagerDutyStore } from './pagerDutyStore.ts';

const longestEvent = 512 * 1024;
const longestSummary = 1024;
const longestKey = 255;
const severities = ['critical', 'warning', 'error', 'info'];

const invalid = (...errors: string[]): WebReply => ({
  status: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors },
});
const blank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

/**
 * The Events API v2, whose real host is events.pagerduty.com: `/v2/enqueue` and `/v2/change/enqueue`. It takes no
 * Authorization, the integration key in the body says where an event belongs. 202 means that it was taken, not that
 * an incident exists by then. https://developer.pagerduty.com/docs/send-alert-event
 */
export function answerEvent(store: PagerDutyStore, { method, path, body, text }: WebCall): WebReply {
  if (method !== 'POST') return { status: 405 };
  if (Buffer.byteLength(text) > longestEvent) return { status: 413 };
  if (!isFields(body))
    return {
      status: 400,
      body: { status: 'Unrecognized object', message: 'Event object format is unrecognized', errors: ['JSON parse error'] }, // prettier-ignore
    };
  const key = body['routing_key'];
  if (typeof key !== 'string' || key === '') return invalid("'routing_key' is missing or blank");
  if (key.length !== 32) return invalid("Length of 'routing_key' is incorrect (should be 32 characters)");
  const service = store.services.find(({ routingKey }) => routingKey === key);
  if (service === undefined) return invalid('Invalid routing key');
  if (!store.window.take(`events/${key}`, store.limits.events, store.now()).allowed)
    return {
      status: 429,
      body: {
        status: 'throttle exceeded',
        message: 'Requests for this service are arriving too quickly.  Please retry later.',
      },
    };
  return path === '/v2/change/enqueue'
    ? enqueueChange(store, service.id, body)
    : enqueue(store, service.id, body);
}

function enqueueChange(store: PagerDutyStore, service: string, { payload, links }: Fields): WebReply {
  const fields = isFields(payload) ? payload : {};
  const { summary, source, timestamp, custom_details: details } = fields;
  if (typeof summary !== 'string' || blank(summary)) return invalid("'payload.summary' is missing or blank");
  if (summary.length > longestSummary) return invalid(`'payload.summary' is too long (maximum is ${longestSummary} characters)`); // prettier-ignore
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : store.now();
  store.recordChange({
    service,
    summary,
    at: Number.isNaN(at) ? store.now() : at,
    ...(typeof source === 'string' ? { source } : {}),
    ...(details === undefined ? {} : { details }),
    links: Array.isArray(links)
      ? links.filter((link): link is { href: string } => isFields(link) && typeof link['href'] === 'string')
      : [],
  });
  return { status: 202, body: { status: 'success', message: 'Change event processed' } };
}

function enqueue(store: PagerDutyStore, service: string, event: Fields): WebReply {
  const action = event['event_action'];
  const fields = isFields(event['payload']) ? event['payload'] : {};
  const { summary, source, severity, custom_details: details } = fields;
  const faults: string[] = [];
  if (blank(action)) faults.push("'event_action' is missing or blank");
  else if (!['trigger', 'acknowledge', 'resolve'].includes(String(action)))
    faults.push(
      "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    );
  if (action === 'trigger') {
    if (!isFields(event['payload'])) faults.push("'payload' is missing or blank");
    for (const [name, value] of Object.entries({ summary, source, severity }))
      if (blank(value)) faults.push(`'payload.${name}' is missing or blank`);
    if (!blank(severity) && !severities.includes(String(severity)))
      faults.push("'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"); // prettier-ignore
    if (typeof summary === 'string' && summary.length > longestSummary)
      faults.push(`'payload.summary' is too long (maximum is ${longestSummary} characters)`);
  } else if ((action === 'acknowledge' || action === 'resolve') && blank(event['dedup_key']))
    faults.push("'dedup_key' is missing or blank");
  if (typeof event['dedup_key'] === 'string' && event['dedup_key'].length > longestKey)
    faults.push(`'dedup_key' is too long (maximum is ${longestKey} characters)`);
  if (faults.length > 0) return invalid(...faults);
  const given = event['dedup_key'];
  const key = typeof given === 'string' && given !== '' ? given : uuid(store.nextId('event', 'Q', 14)).replaceAll('-', ''); // prettier-ignore
  const incident = store.incidents.find(
    (one) => one.service === service && isOpen(one) && one.alerts.some((alert) => alert.key === key),
  );
  if (action === 'trigger' && incident === undefined) {
    const opened = store.trigger({
      service,
      title: String(summary),
      alertKey: key,
      urgency: severity === 'info' || severity === 'warning' ? 'low' : 'high',
    });
    const [alert] = opened.alerts;
    if (alert !== undefined)
      opened.alerts[0] = {
        ...alert,
        severity: String(severity),
        source: String(source),
        details: details ?? {},
      };
  } else if (incident !== undefined && action !== 'trigger') {
    setStatus(store, incident, action === 'resolve' ? 'resolved' : 'acknowledged', undefined);
  }
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } };
}
