import * as vscode from 'vscode';
import { failed, ok, type Result } from '../../core/errors.ts';
import {
  ingressPatch,
  type IngressForm,
  type IngressRoute,
  type IngressService,
} from '../../core/plan/kubectl/ingressPatch.ts';
import { pick } from './ask.ts';

/** Reads the rules of an ingress and the services it could send its traffic to. */
export type ReadIngressForm = (name: string, signal: AbortSignal) => Promise<Result<IngressForm>>;

/**
 * The form for a patch that the guide leaves out: which route, to which service, to which port. Gives the JSON patch that
 * changes that one backend and no other rule; `cancelled` is the person's Esc.
 */
export async function askIngressPatch(name: string, read: ReadIngressForm): Promise<Result<string>> {
  const form = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Reading ingress/${name}`, cancellable: true },
    (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return read(name, abort.signal);
    },
  );
  if (!form.ok) return form;
  const { routes, services } = form.value;
  const changeable = routes.filter(({ service }) => service !== '');
  if (changeable.length === 0 || services.length === 0) {
    const lack =
      changeable.length === 0 ? `ingress/${name} has no route to a service` : 'there is no service here';
    return failed('not-found', `The patch cannot be made: ${lack}. Nothing was run.`);
  }
  const cancelled = failed('cancelled', 'Not run: the form was left.');
  const title = `Change ingress/${name}`;
  const route = await pick(
    changeable.map((each) => ({
      label: `${each.host || '*'}${each.path}`,
      description: `now to ${backendOf(each)}`,
      value: each,
    })),
    { title, placeholder: 'Which route is to go elsewhere?', step: 1, totalSteps: 3 },
  );
  if (!route) return cancelled;
  const service = await pick(
    services.map((each) => ({
      label: each.name,
      description: each.name === route.service ? 'where it goes now' : portsOf(each),
      value: each,
    })),
    { title, placeholder: `Where is ${route.host || '*'}${route.path} to go?`, step: 2, totalSteps: 3 },
  );
  if (!service) return cancelled;
  const port = await pick(
    service.ports.map((each) => ({
      label: String(each.number),
      ...(each.name === undefined ? {} : { description: each.name }),
      value: each.number,
    })),
    { title, placeholder: `Which port of ${service.name}?`, step: 3, totalSteps: 3 },
  );
  if (port === undefined) return cancelled;
  const patch = ingressPatch(form.value, [{ pointer: route.pointer, service: service.name, port }]);
  return patch === '[]'
    ? failed(
        'conflict',
        `${route.host || '*'}${route.path} goes to ${service.name}:${port} already. Nothing was run.`,
      )
    : ok(patch);
}

const backendOf = ({ service, port }: IngressRoute): string =>
  port === undefined ? service : `${service}:${port}`;

const portsOf = ({ ports }: IngressService): string =>
  `${ports.length === 1 ? 'port' : 'ports'} ${ports.map(({ number }) => number).join(', ')}`;
