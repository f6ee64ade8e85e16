import assert from 'node:assert/strict';
import type { DeliveryTask, Receipt, StatusPageStatus } from '../../../src/core/deliveries/delivery.ts';
import { deliveryKey } from '../../../src/core/deliveries/delivery.ts';
import { createStatuspageService } from '../../../src/integrations/statuspage/statuspageService.ts';
import type { DeliverOptions, TestIncident } from './deliveryKit.ts';
import { anIncident, deliverTask, receiptOf } from './deliveryKit.ts';

/** A Statuspage account with one page at least. */
export interface StatuspageSite {
  /** Without `/v1`, without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** Page id. */
  readonly page: string;
  dispose(): Promise<void>;
}

export interface StatuspageProduction {
  readonly title: string;
  start(): Promise<StatuspageSite>;
}

export interface SeenIncident {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly shortlink: string;
  readonly metadata: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Newest first. */
  readonly incident_updates: readonly {
    readonly id: string;
    readonly status: string;
    readonly body: string;
    readonly deliver_notifications: boolean;
  }[];
}

export type StatuspageTask = Extract<DeliveryTask, { system: 'statuspage' }>;

export const createTask = ({ title }: TestIncident, notify = false): StatuspageTask => ({
  system: 'statuspage',
  act: 'create-incident',
  name: title,
  status: 'investigating',
  text: 'Some payments fail. We are looking into it.',
  notify,
});
export const updateTask = (
  text: string,
  status: StatusPageStatus = 'identified',
  notify = false,
): StatuspageTask => ({
  system: 'statuspage',
  act: 'update-incident',
  status,
  text,
  notify,
});

export interface StatuspageOptions extends DeliverOptions {
  readonly baseUrl?: string;
  readonly page?: string;
  readonly token?: string | undefined;
  readonly timeoutMs?: number;
}
export const keyOf = ({ id }: TestIncident, delivery = 'statuspage/create-incident'): string =>
  deliveryKey(id, delivery);

export type StatuspageKit = ReturnType<typeof createStatuspageKit>;

/** What the tests ask Statuspage past the product, and through it. */
export function createStatuspageKit(site: StatuspageSite) {
  /** Asks Statuspage past the product; a refusal fails the test. */
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${site.url}/v1/pages/${site.page}${path}`, {
      method,
      headers: { authorization: `OAuth ${site.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return (await answer.json()) as T;
  }
  const incidents = async ({ title }: TestIncident): Promise<readonly SeenIncident[]> =>
    (await call<SeenIncident[]>('GET', '/incidents?limit=100')).filter(({ name }) => name === title);
  const read = (id: string): Promise<SeenIncident> => call('GET', `/incidents/${id}`);
  const patch = (id: string, incident: unknown): Promise<SeenIncident> =>
    call('PATCH', `/incidents/${id}`, { incident });

  function deliver(incident: TestIncident, task: DeliveryTask, options: StatuspageOptions = {}) {
    const { baseUrl = site.url, page = site.page, timeoutMs, ...rest } = options;
    const token = 'token' in options ? options.token : site.token;
    const service = createStatuspageService({
      tokenOf: (system, url) =>
        Promise.resolve(system === 'statuspage' && url === baseUrl ? token : undefined),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    return deliverTask(service, incident, { task, place: { baseUrl, page } }, rest);
  }
  /** A fresh incident that customers see. */
  async function published(notify = false) {
    const incident = anIncident();
    const created = receiptOf(await deliver(incident, createTask(incident, notify)));
    const receipts: Readonly<Record<string, Receipt>> = { 'statuspage/create-incident': created };
    return { incident, created, receipts };
  }

  return { incidents, read, patch, deliver, published };
}
