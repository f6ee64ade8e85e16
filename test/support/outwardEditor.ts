import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Outside } from '../../src/simulator/outside.ts';
import { accept, answer, appears, pick, runCommand, waitUntil } from './editorPage.ts';
import { declareIncident, readMessage, type SampleEditor } from './sampleEditor.ts';

/** Systems a person connects, by the name the product calls them. */
export type Connectable =
  'Slack' | 'GitHub' | 'Jira' | 'Statuspage' | 'PagerDuty' | 'Alertmanager' | 'Prometheus';

/** Where each system is; a fault proxy's address in the place of the simulated service's own. */
export type Addresses = Partial<Record<Connectable | 'webhook', string>>;

/** Workspace settings that point at the simulated services. */
export function outwardSettings(outside: Outside, at: Addresses = {}): Readonly<Record<string, unknown>> {
  return {
    'incident.slack.baseUrl': at.Slack ?? outside.slack.url,
    'incident.github.baseUrl': at.GitHub ?? outside.github.url,
    'incident.github.repository': outside.github.store.repository,
    'incident.jira.baseUrl': at.Jira ?? outside.jira.url,
    'incident.jira.project': outside.jira.store.project,
    'incident.jira.email': outside.jira.store.email,
    'incident.pagerduty.baseUrl': at.PagerDuty ?? outside.pagerduty.url,
    'incident.pagerduty.service': outside.pagerduty.store.services[0]?.id,
    'incident.pagerduty.from': outside.pagerduty.store.users[0]?.email,
    'incident.statuspage.baseUrl': at.Statuspage ?? outside.statuspage.url,
    'incident.statuspage.pageId': outside.statuspage.store.pages[0]?.id,
    'incident.webhooks': at.webhook === undefined ? [] : [{ name: 'chat', url: at.webhook }],
  };
}

/** Connects a system by the palette: what is set already is taken as it stands, then the token is typed. */
export async function connectSystem(page: Page, name: Connectable, token: string): Promise<void> {
  await runCommand(page, 'Incident: Connect…');
  await pick(page, name);
  // Where its address alone may do, it counts as connected already.
  if (name === 'Alertmanager' || name === 'Prometheus') await pick(page, 'Connect anew');
  await answerConnect(page, name, token);
}

/** Answers the open form of a system; `given` takes the place of what is set, by the number of the step. */
export async function answerConnect(
  page: Page,
  name: Connectable,
  token: string,
  given: Readonly<Record<string, string>> = {},
): Promise<void> {
  const title = page.locator('.quick-input-widget .quick-input-titlebar');
  for (;;) {
    const text = (await title.getByText(`Connect ${name} (`).first().innerText()).trim();
    const [, step, steps] = /\((\d+)\/(\d+)\)/.exec(text) ?? [];
    if (step === steps) break;
    const other = given[step ?? ''];
    const prompt = `Connect ${name} (${step}/${steps})`;
    if (other === undefined) await accept(page, prompt);
    else await answer(page, other, prompt);
    await title.getByText(`Connect ${name} (${Number(step) + 1}/${steps})`).waitFor();
  }
  await answer(page, token, new RegExp(`^Connect ${name}`));
  await readMessage(page, new RegExp(`^${name}: connected as `));
}

/** Writes a setting of a connection into the workspace's, and waits until the list of systems shows it. */
export async function changeConnection(
  { folder, page }: SampleEditor,
  setting: string,
  value: string,
): Promise<void> {
  const file = path.join(folder, '.vscode', 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...settings, [setting]: value }));
  await waitForConnection(page, value);
}

/** Waits until the list of systems shows a text. */
export const waitForConnection = (page: Page, text: string | RegExp): Promise<void> =>
  waitUntil(`${text} among the systems`, async () => {
    await runCommand(page, 'Incident: Connect…');
    const shown = await appears(page.locator('.quick-input-list').getByText(text).first(), 2_000);
    await page.keyboard.press('Escape');
    return shown;
  });

/** The state of each delivery of the newest incident, folded from the journal on disk. */
export function deliveryStates(sample: SampleEditor): Readonly<Record<string, string>> {
  const states: Record<string, string> = {};
  const lines = sample.journal();
  const newest = lines.findLast(({ type }) => type === 'IncidentDeclared')?.incident;
  for (const { type, data, incident } of lines) {
    if (incident !== newest) continue;
    const key = String(data['delivery']);
    if (type === 'DeliveryRequested') states[key] ??= 'requested';
    if (type === 'DeliveryStarted' && states[key] !== 'delivered') states[key] = 'started';
    if (type === 'DeliveryDelivered') states[key] = 'delivered';
    if (type === 'DeliveryFailed' && states[key] !== 'delivered') states[key] = 'failed';
    if (type === 'DeliveryMarkedDone') states[key] = 'by-hand';
    if (type === 'DeliveryDropped') states[key] = 'dropped';
  }
  return states;
}

/** Waits until the delivery of the newest incident is in this state. */
export const untilDelivery = (sample: SampleEditor, delivery: string, state: string): Promise<void> =>
  sample.until(`${delivery} to be ${state}`, () => deliveryStates(sample)[delivery] === state);

/** Waits until all that was requested of the newest incident has arrived. */
export const untilAllDelivered = (sample: SampleEditor): Promise<void> =>
  sample.until('everything to be out', () =>
    Object.values(deliveryStates(sample)).every((state) => state === 'delivered'),
  );

/** The channels of incidents that the simulated Slack has, in the order they were made. */
export const incidentChannels = ({ simulator }: SampleEditor) =>
  [...simulator.outside.slack.store.channels.values()].filter(({ name }) => name.startsWith('incident-'));

/** Connects Slack, declares an incident and has those told whom the list has picked; waits for its channel. */
export async function declareWithChannel(sample: SampleEditor, title: string): Promise<void> {
  const { page, simulator } = sample;
  await connectSystem(page, 'Slack', simulator.outside.slack.store.token);
  await declareIncident(page, title);
  await page
    .locator('.quick-input-widget .quick-input-titlebar')
    .getByText(/who is told$/)
    .waitFor();
  await pick(page, /^Tell (?:one place|\d+ places)$/);
  await untilDelivery(sample, 'slack/create-channel', 'delivered');
}

/** Picks the status page in the list of who is told, with what customers read of it, and writes to no subscriber. */
export async function pickStatusPage(page: Page, text: string): Promise<void> {
  await pick(page, /^Status page/);
  const title = page.locator('.quick-input-widget .quick-input-titlebar');
  await title.getByText(/status page(?:, its name)?$/).waitFor();
  if (/its name$/.test((await title.first().innerText()).trim()))
    await answer(page, 'Payments fail', /its name$/);
  await answer(page, text, /status page$/);
  await pick(page, 'Do not write to subscribers');
}
