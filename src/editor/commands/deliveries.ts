import * as vscode from 'vscode';
import { isRefused, isSettled, type Delivery } from '../../core/deliveries/delivery.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { deliveriesSummary, deliveryRow, mostUrgentFirst } from '../../core/views/deliveryNodes.ts';
import { nameOfTask } from '../../core/views/deliveryTexts.ts';
import { announce as announceIncident } from '../outward/announce.ts';
import { askText, pick, type Choice } from '../ask/ask.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, record, textArgument } from './onIncident.ts';

/** Tells the places that were not told yet. */
export const announce: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const places = await deps.connections.placesOf();
  const any = [places.slack, ...places.tickets, places.statuspage, places.pagerduty, ...places.webhooks];
  if (!any.some(Boolean)) return offerConnect('No outside system is connected, so there is nobody to tell.');
  await announceIncident(deps, at.incident);
};

function offerConnect(sentence: string): void {
  const connect = 'Connect…';
  void vscode.window.showInformationMessage(sentence, connect).then((answer) => {
    if (answer) void vscode.commands.executeCommand('incident.connect');
  });
}

type PanelAnswer = { readonly kind: 'retry-all' } | { readonly kind: 'one'; readonly delivery: string };

/** What was sent of the incident and what was not, with everything that can be done about it. */
export const showDeliveries: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const { incident } = at;
  if (incident.deliveries.length === 0) {
    void vscode.window.showInformationMessage(
      `Nothing of ${incident.number} was to be sent. "Incident: Announce" tells the connected systems.`,
    );
    return;
  }
  // What is sent meanwhile moves its row: a list of a moment ago would offer to retry what has arrived.
  const present = (): Incident => deps.incidents.get(incident.id) ?? incident;
  const choices = (): readonly Choice<PanelAnswer>[] => panelRows(present());
  const title = (): string => `Deliveries of ${incident.number}: ${deliveriesSummary(present())}`;
  const answer = await pick(choices(), {
    title: title(),
    placeholder: 'Pick one to open it, retry it, mark it done by hand or call it off',
    live: {
      onDidChange: deps.session.onDidChange,
      title,
      choices,
      id: (value) => (value.kind === 'one' ? value.delivery : value.kind),
    },
  });
  if (answer?.kind === 'retry-all') retryAll(deps, present());
  else if (answer) await actOn(deps, present(), answer.delivery);
};

function panelRows(incident: Incident): readonly Choice<PanelAnswer>[] {
  const failed = incident.deliveries.filter(({ state }) => state === 'failed');
  const rows = mostUrgentFirst(incident.deliveries).map((delivery): Choice<PanelAnswer> => {
    const { name, status, icon } = deliveryRow(incident, delivery);
    return { label: name, icon, detail: status, value: { kind: 'one', delivery: delivery.delivery } };
  });
  return failed.length > 1
    ? [{ label: `Retry all ${failed.length}`, icon: 'refresh', value: { kind: 'retry-all' } }, ...rows]
    : rows;
}

/** A click on a row: what can be done about this one. */
export const openDelivery: CommandFactory = (deps) => async (node) => {
  const at = await currentIncident(deps, 'any');
  const delivery = deliveryOf(node);
  if (at && delivery) await actOn(deps, at.incident, delivery);
};

export const retryDelivery: CommandFactory = (deps) => async (node) => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const delivery = deliveryOf(node);
  if (delivery === undefined) retryAll(deps, at.incident);
  else deps.deliveries.retry(at.incident.id, delivery);
};

function retryAll({ deliveries }: Pick<CommandDeps, 'deliveries'>, incident: Incident): void {
  const failed = incident.deliveries.filter(({ state }) => state === 'failed');
  for (const { delivery } of failed) deliveries.retry(incident.id, delivery);
  if (failed.length === 0) void vscode.window.showInformationMessage('Nothing has failed.');
}

/** Archives the incident's channel, once it is over. */
export const archiveChannel: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const channel = at.incident.deliveries.find(({ delivery }) => delivery === 'slack/create-channel');
  if (!channel?.receipt) {
    void vscode.window.showInformationMessage(`${at.incident.number} has no Slack channel.`);
    return;
  }
  const archive = 'Archive';
  const answer = await vscode.window.showWarningMessage(
    `Archive ${channel.receipt.name ?? 'the channel'}?`,
    {
      modal: true,
      detail:
        at.incident.status === 'active'
          ? `${at.incident.number} is not resolved yet. Nobody can write into an archived channel.`
          : 'What was written stays readable; nobody can write any more.',
    },
    archive,
  );
  if (answer !== archive) return;
  const requested = await deps.deliveries.request(at.incident, [
    {
      delivery: `slack/archive/${deps.newId()}`,
      task: { system: 'slack', act: 'archive' },
      place: channel.place,
      after: [channel.delivery],
    },
  ]);
  if (!requested.ok) void vscode.window.showErrorMessage(requested.failure.message);
};

/** Rows hand over their key, or the node a context menu was opened on. */
const deliveryOf = (node: unknown): string | undefined =>
  textArgument(node) ?? textArgument((node as { subject?: readonly unknown[] } | undefined)?.subject?.[0]);

type Act = 'open' | 'copy' | 'retry' | 'reconnect' | 'stop' | 'by-hand' | 'drop';

async function actOn(deps: CommandDeps, incident: Incident, key: string): Promise<void> {
  const delivery = incident.deliveries.find((one) => one.delivery === key);
  if (!delivery) return;
  const { name, status } = deliveryRow(incident, delivery);
  const act = await pick(actsOf(deps, incident, delivery), { title: name, placeholder: status });
  switch (act) {
    case 'open':
      await vscode.commands.executeCommand('incident.openLink', delivery.receipt?.url);
      return;
    case 'copy':
      await vscode.commands.executeCommand('incident.copyText', textOf(delivery));
      return;
    case 'retry':
      deps.deliveries.retry(incident.id, key);
      return;
    case 'reconnect':
      await vscode.commands.executeCommand('incident.connect', delivery.task.system);
      return;
    case 'stop':
      deps.deliveries.stop(incident.id, key);
      return;
    case 'by-hand':
      return markDone(deps, incident, delivery);
    case 'drop':
      return drop(deps, incident, delivery);
    case undefined:
      return;
  }
}

function actsOf(deps: CommandDeps, incident: Incident, delivery: Delivery): readonly Choice<Act>[] {
  const { state, receipt, failure } = delivery;
  const open = !isSettled(delivery);
  const isSending = deps.deliveries.isSending(incident.id, delivery.delivery);
  const acts: [boolean, string, string, Act][] = [
    [receipt?.url !== undefined, 'link-external', 'Open', 'open'],
    [isSending, 'debug-stop', 'Stop this attempt', 'stop'],
    [state === 'failed' || (open && !isSending), 'refresh', 'Retry now', 'retry'],
    [failure !== undefined && isRefused(failure), 'plug', 'Reconnect…', 'reconnect'],
    [textOf(delivery) !== '', 'copy', 'Copy its text', 'copy'],
    [open, 'pass', 'Mark as done by hand…', 'by-hand'],
    [open, 'circle-slash', 'Call it off', 'drop'],
  ];
  return acts.filter(([holds]) => holds).map(([, icon, label, value]) => ({ icon, label, value }));
}

const textOf = ({ task }: Delivery): string => {
  if ('text' in task) return task.text;
  if (task.act === 'create-ticket') return `${task.title}\n${task.body}`;
  return 'topic' in task ? task.topic : '';
};

/** What makes something that later deliveries need is asked for its id, so that they still find their place. */
async function markDone(deps: CommandDeps, incident: Incident, delivery: Delivery): Promise<void> {
  const { act, system } = delivery.task;
  const makes = act === 'create-channel' || act === 'create-ticket' || act === 'create-incident';
  const name = nameOfTask(delivery.task, delivery.place);
  let id = '';
  if (makes) {
    const given = await askText({
      title: `${name}: done by hand`,
      prompt: `${idHint[system] ?? 'Its id'}. Enter without one: what builds on it cannot be sent.`,
    });
    if (given === undefined) return;
    id = given;
  }
  const note = await askText({
    title: `${name}: done by hand`,
    prompt: 'How, or by whom? Enter leaves it open.',
  });
  if (note === undefined) return;
  await record(deps, incident, {
    type: 'MarkDeliveryDone',
    data: {
      delivery: delivery.delivery,
      ...(note ? { note } : {}),
      ...(id ? { receipt: { id, name: id } } : makes ? {} : { receipt: { id: 'by hand' } }),
    },
  });
}

const idHint: Readonly<Partial<Record<Delivery['task']['system'], string>>> = {
  slack: 'The channel’s id (C…, at the end of its details)',
  github: 'The issue’s number',
  jira: 'The issue’s key (OPS-7)',
  statuspage: 'The incident’s id on the status page',
  pagerduty: 'The PagerDuty incident’s id',
};

/** What builds on it goes with it: it could never be sent. */
async function drop(deps: CommandDeps, incident: Incident, delivery: Delivery): Promise<void> {
  const behind = incident.deliveries.filter(
    (one) => !isSettled(one) && one.after.includes(delivery.delivery),
  );
  const callOff = 'Call Off';
  const answer = await vscode.window.showWarningMessage(
    `Call off ${nameOfTask(delivery.task, delivery.place)}?`,
    {
      modal: true,
      detail: [
        delivery.attempts > 0
          ? 'An attempt was made: it may exist over there all the same.'
          : 'Nothing was sent.',
        ...(behind.length > 0
          ? [`With it go: ${behind.map(({ task, place }) => nameOfTask(task, place)).join(', ')}.`]
          : []),
      ].join('\n'),
    },
    callOff,
  );
  if (answer !== callOff) return;
  deps.deliveries.stop(incident.id, delivery.delivery);
  for (const one of [...behind, delivery])
    await record(deps, incident, { type: 'DropDelivery', data: { delivery: one.delivery } });
}
