import * as vscode from 'vscode';
import { createDispatcher, type Dispatcher } from '../../core/deliveries/dispatcher.ts';
import { isRefused, type Delivery, type DeliveryFailure } from '../../core/deliveries/delivery.ts';
import type { DeliveryService } from '../../core/deliveries/deliveryPort.ts';
import type { Failure } from '../../core/errors.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { nameOfTask } from '../../core/views/deliveryTexts.ts';
import type { Incidents } from '../../journal/incidents.ts';
import type { LocalJournal } from '../../journal/localJournal.ts';
import type { Connections } from './connections.ts';
import type { OwnWriters } from '../../journal/ownWriters.ts';

export interface DeliveryController extends Omit<Dispatcher, 'idle'> {
  /** Tells listeners of failures: who shows when a connection began to fail, say. */
  readonly onDidFail: vscode.Event<{ readonly delivery: Delivery; readonly failure: DeliveryFailure }>;
}

export interface DeliveryControllerDeps {
  readonly incidents: Incidents;
  readonly journal: LocalJournal;
  readonly ownWriters: OwnWriters;
  readonly connections: Pick<Connections, 'onDidConnect'>;
  readonly service: (delivery: Delivery) => DeliveryService | undefined;
  readonly now: () => string;
}

/**
 * Sends what incidents ask for while this window lives, and says once what waits for a person. It looks again when the
 * journal changes, when the workspace is trusted, and when the person comes back: the network may be there by then.
 */
export function createDeliveryController(deps: DeliveryControllerDeps): DeliveryController {
  const { incidents, journal, ownWriters } = deps;
  const failed = new vscode.EventEmitter<{ delivery: Delivery; failure: DeliveryFailure }>();
  const dispatcher = createDispatcher({
    incidents,
    claim: journal.claim,
    isOwnWriter: journal.isOwnWriter,
    machineWriters: ownWriters.all,
    liveWriters: journal.liveWriters,
    remember: () => ownWriters.remember(journal.writer),
    service: deps.service,
    mayLeave: () => vscode.workspace.isTrusted,
    now: deps.now,
    schedule: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    createStop: () => new AbortController(),
    onDidFail: (incident, delivery, failure) => {
      failed.fire({ delivery, failure });
      if (failure.retry === 'person') void tellOfFailure(incident, delivery, failure);
    },
    onDidBreak: tellOfBreak,
  });
  const subscriptions = [
    failed,
    // Who reconnects need not retry too.
    deps.connections.onDidConnect((isSentWith) =>
      dispatcher.reconnected(({ task, place }) => isSentWith(task.system, place)),
    ),
    incidents.onDidChange(() => dispatcher.pump()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => dispatcher.pump()),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) dispatcher.hurry();
    }),
  ];
  const tellOfFailure = async (
    incident: Incident,
    delivery: Delivery,
    failure: DeliveryFailure,
  ): Promise<void> => {
    const reconnect = 'Reconnect…';
    const retry = 'Retry';
    const show = 'Show Deliveries';
    const answer = await vscode.window.showWarningMessage(
      `${nameOfTask(delivery.task, delivery.place)} of ${incident.number}: not sent. ${failure.message}`,
      ...(isRefused(failure) ? [reconnect] : []),
      retry,
      show,
    );
    if (answer === reconnect) await vscode.commands.executeCommand('incident.connect', delivery.task.system);
    else if (answer === retry) dispatcher.retry(incident.id, delivery.delivery);
    else if (answer === show) await vscode.commands.executeCommand('incident.showDeliveries', incident.id);
  };
  return {
    ...dispatcher,
    onDidFail: failed.event,
    dispose: async () => {
      for (const subscription of subscriptions) subscription.dispose();
      await dispatcher.dispose();
    },
  };
}

function tellOfBreak({ message }: Failure): void {
  void vscode.window.showErrorMessage(message);
}
