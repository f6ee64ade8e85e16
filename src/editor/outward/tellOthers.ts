import * as vscode from 'vscode';
import type { DeliveryRequest, OutwardSystem } from '../../core/deliveries/delivery.ts';
import { planEscalation, type EscalationToSend } from '../../core/deliveries/planEscalation.ts';
import { planUpdate, type UpdateToSend } from '../../core/deliveries/planUpdate.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

type Needs = Pick<CommandDeps, 'connections' | 'deliveries' | 'newId'>;

/** An update is in the journal: asks for what tells the others of it. Gives the systems that are told. */
export async function afterUpdate(
  deps: Needs,
  incident: Incident,
  update: UpdateToSend,
): Promise<readonly OutwardSystem[]> {
  const { statuspage } = await deps.connections.placesOf();
  return request(deps, incident, planUpdate(incident, update, statuspage, deps.newId()));
}

/** People were called, as the journal has it: asks for their invitation and page. Gives the systems that are told. */
export async function afterEscalated(
  deps: Pick<CommandDeps, 'deliveries' | 'newId'>,
  incident: Incident,
  call: EscalationToSend,
  mark: string = deps.newId(),
): Promise<readonly OutwardSystem[]> {
  return request(deps, incident, planEscalation(incident, call, mark));
}

async function request(
  { deliveries }: Pick<CommandDeps, 'deliveries'>,
  incident: Incident,
  requests: readonly DeliveryRequest[],
): Promise<readonly OutwardSystem[]> {
  const requested = await deliveries.request(incident, requests);
  if (requested.ok) return [...new Set(requests.map(({ task }) => task.system))];
  void vscode.window.showErrorMessage(requested.failure.message);
  return [];
}
