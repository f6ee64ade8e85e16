import assert from 'node:assert/strict';
import type { DeliveryTask, Receipt } from '../../../src/core/deliveries/delivery.ts';
import { createPagerDutyService } from '../../../src/integrations/pagerduty/pagerDutyService.ts';
import type { DeliverOptions, TestIncident } from './deliveryKit.ts';
import { anIncident, deliverTask, receiptOf } from './deliveryKit.ts';

export interface PagerDutyPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A PagerDuty account that may request responders. */
export interface PagerDutySite {
  /** Of the REST API, without a slash at its end. */
  readonly url: string;
  /** A key of the whole account. */
  readonly token: string;
  /** A key of the first person's own. */
  readonly userToken: string;
  /** A key of the whole account that may only read. */
  readonly readOnlyToken: string;
  /** As web pages name the account. */
  readonly subdomain: string;
  /** Id of a service. */
  readonly service: string;
  /** In the order in which the service's escalation policy pages them now. */
  readonly people: readonly [PagerDutyPerson, PagerDutyPerson, PagerDutyPerson];
  dispose(): Promise<void>;
}

export interface PagerDutyProduction {
  readonly title: string;
  start(): Promise<PagerDutySite>;
}

export type PagerDutyTask = Extract<DeliveryTask, { system: 'pagerduty' }>;

export const createTask = ({ title }: TestIncident): PagerDutyTask => ({
  system: 'pagerduty',
  act: 'create-incident',
  title,
  text: 'Card payments fail since 10:30.',
  urgency: 'high',
});
export const noteTask = (text: string): PagerDutyTask => ({ system: 'pagerduty', act: 'note', text });
export const adoptTask = (incident: string): PagerDutyTask => ({
  system: 'pagerduty',
  act: 'adopt-incident',
  incident,
});
export const acknowledgeTask: PagerDutyTask = { system: 'pagerduty', act: 'acknowledge' };
export const resolveTask: PagerDutyTask = { system: 'pagerduty', act: 'resolve' };

export interface SeenPage {
  readonly id: string;
  readonly incident_number: number;
  readonly html_url: string;
  readonly title: string;
  readonly status: string;
  readonly urgency: string;
  readonly incident_key: string | null;
  readonly service: { readonly id: string };
  readonly body?: { readonly details: string };
  readonly acknowledgements: readonly { readonly acknowledger: { readonly id: string } }[];
  readonly responder_requests: readonly {
    readonly message: string;
    readonly requester: { readonly id: string };
    readonly responder_request_targets: readonly {
      readonly responder_request_target: { readonly id: string };
    }[];
  }[];
}

export interface SeenNote {
  readonly id: string;
  readonly content: string;
  readonly user: { readonly id: string };
}

export interface PagerDutyOptions extends DeliverOptions {
  readonly baseUrl?: string;
  readonly token?: string | undefined;
  readonly service?: string;
  readonly from?: string;
  /** In whose name the settings say by now; not known unless told. */
  readonly account?: string;
  readonly timeoutMs?: number;
}

export type PagerDutyKit = ReturnType<typeof createPagerDutyKit>;

/** What the tests ask PagerDuty past the product, and through it. */
export function createPagerDutyKit(site: PagerDutySite) {
  const [first] = site.people;

  /** Asks past the product; a refusal fails the test. */
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${site.url}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.pagerduty+json;version=2',
        authorization: `Token token=${site.token}`,
        'content-type': 'application/json',
        from: first.email,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return (await answer.json()) as T;
  }
  const incidents = async ({ title }: TestIncident): Promise<readonly SeenPage[]> => {
    const path = '/incidents?date_range=all&sort_by=created_at:desc&limit=100';
    const { incidents: listed } = await call<{ incidents: SeenPage[] }>('GET', path);
    return listed.filter((one) => one.title === title);
  };
  const read = async (id: string): Promise<SeenPage> =>
    (await call<{ incident: SeenPage }>('GET', `/incidents/${id}?include[]=body`)).incident;
  const notes = async (id: string): Promise<readonly SeenNote[]> =>
    (await call<{ notes: SeenNote[] }>('GET', `/incidents/${id}/notes`)).notes;
  const setStatus = (id: string, status: string): Promise<unknown> =>
    call('PUT', `/incidents/${id}`, { incident: { type: 'incident_reference', status } });
  const addNote = (id: string, content: string): Promise<unknown> =>
    call('POST', `/incidents/${id}/notes`, { note: { content } });

  function deliver(incident: TestIncident, task: DeliveryTask, options: PagerDutyOptions = {}) {
    const {
      baseUrl = site.url,
      service = site.service,
      from = first.email,
      account,
      timeoutMs,
      ...rest
    } = options;
    const token = 'token' in options ? options.token : site.token;
    const sender = createPagerDutyService({
      tokenOf: (system, url) =>
        Promise.resolve(system === 'pagerduty' && url === baseUrl ? token : undefined),
      accountOf: (system, url) =>
        Promise.resolve(system === 'pagerduty' && url === baseUrl ? account : undefined),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    return deliverTask(sender, incident, { task, place: { baseUrl, service, from } }, rest);
  }
  /** A fresh incident that pages people. */
  async function paged() {
    const incident = anIncident();
    const created = receiptOf(await deliver(incident, createTask(incident)));
    const receipts: Readonly<Record<string, Receipt>> = { 'pagerduty/create-incident': created };
    return { incident, created, receipts };
  }

  return { incidents, read, notes, setStatus, addNote, deliver, paged };
}
