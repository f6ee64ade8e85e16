import * as vscode from 'vscode';
import { plainUrl } from '../../core/deliveries/outwardPlaces.ts';
import type { Guide, Step } from '../../core/guide/guide.ts';
import {
  dashboardScope,
  dashboardSearchUrl,
  dashboardUrl,
  grafanaAddress,
  linkedDashboard,
  placeId,
  placesOfStep,
  type NamedDashboard,
} from '../../core/plan/dashboards.ts';
import type { DashboardHit } from '../../integrations/grafana.ts';
import { pick } from '../ask/ask.ts';
import { openWeb } from '../ask/openWeb.ts';
import { getSetting } from '../settings.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { textArgument } from './onIncident.ts';

interface Found {
  readonly guide: Guide;
  readonly step: Step;
  readonly dashboard: NamedDashboard;
}

/** Opens a dashboard that a guide names, at the incident's time range: the one given, else one of all of them. */
export const openDashboard: CommandFactory = (deps) => async (stepId, place) => {
  await Promise.all([deps.guides.load(), deps.session.ready()]);
  const asked = textArgument(stepId);
  const all = deps.guides.all().flatMap(dashboardsOf);
  const found = asked
    ? all.find(
        ({ step, dashboard }) => step.id === asked && placeId({ kind: 'dashboard', ...dashboard }) === place,
      )
    : await askDashboard(all);
  if (found) await open(deps, found);
  else if (all.length === 0)
    void vscode.window.showInformationMessage(
      'No guide here names a dashboard. A line like "Grafana > Dashboard > Service Health" in a step does.',
    );
};

const dashboardsOf = (guide: Guide): readonly Found[] =>
  [
    ...guide.phases.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === 'steps' || part.kind === 'option' ? part.steps : [])),
    ),
    ...guide.runbooks.flatMap(({ steps }) => steps),
  ].flatMap((step) =>
    placesOfStep(step).flatMap((place) =>
      place.kind === 'dashboard' ? [{ guide, step, dashboard: place }] : [],
    ),
  );

async function askDashboard(all: readonly Found[]): Promise<Found | undefined> {
  if (all.length === 0) return undefined;
  const byTitle = new Map(all.map((found) => [placeId({ kind: 'dashboard', ...found.dashboard }), found]));
  return pick(
    [...byTitle.values()].map((found) => ({
      label: found.dashboard.title,
      description: found.dashboard.folder ?? '',
      detail: found.step.text,
      icon: 'graph',
      value: found,
    })),
    { title: 'Open Dashboard', placeholder: 'Which one? It opens at the incident’s time range.' },
  );
}

async function open(deps: CommandDeps, { guide, dashboard }: Found): Promise<void> {
  const scope = dashboardScope(deps.session.current());
  const base = plainUrl(getSetting('grafana.baseUrl'));
  const token = base === '' ? undefined : await deps.connections.tokenOf('grafana', base);
  if (token !== undefined) return openFound(deps, { baseUrl: base, token }, dashboard);
  const linked = linkedDashboard(guide, dashboard.title);
  const address =
    base || [guide, ...deps.guides.all()].map(grafanaAddress).find((each) => each !== undefined);
  const url = linked ? dashboardUrl(linked, scope) : address && dashboardSearchUrl(address, dashboard.title);
  if (url) {
    await openWeb(url);
    return;
  }
  const connect = 'Connect Grafana';
  const answer = await vscode.window.showWarningMessage(
    `The guide names the dashboard "${dashboard.title}", but no address of Grafana: connect it, or write its address into the guide.`,
    connect,
  );
  if (answer === connect) await vscode.commands.executeCommand('incident.connect', 'grafana');
}

/** Looks the dashboard up; where that fails, Grafana's own search is opened, and that is said. */
async function openFound(
  deps: CommandDeps,
  place: { readonly baseUrl: string; readonly token: string },
  dashboard: NamedDashboard,
): Promise<void> {
  const { grafana } = deps.integrations();
  const search = async (why: string): Promise<void> => {
    void vscode.window.showWarningMessage(`${why} Its search for "${dashboard.title}" was opened instead.`);
    await openWeb(dashboardSearchUrl(place.baseUrl, dashboard.title));
  };
  const looked = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Looking for the dashboard "${dashboard.title}"`,
      cancellable: true,
    },
    (_progress, cancel) => {
      const stop = new AbortController();
      cancel.onCancellationRequested(() => stop.abort());
      return grafana.findDashboards(place, dashboard, stop.signal);
    },
  );
  if (!looked.ok) {
    if (looked.failure.code === 'cancelled') return;
    return search(looked.failure.message);
  }
  if (looked.value.length === 0)
    return search('Grafana has no dashboard of that title or tag that its token sees.');
  const [only] = looked.value;
  const hit = looked.value.length === 1 ? only : await askHit(looked.value, dashboard.title);
  if (hit === undefined) return;
  const variables = await grafana.fetchVariables(place, hit.uid, new AbortController().signal);
  const scope = dashboardScope(deps.session.current());
  await openWeb(dashboardUrl(hit.url, scope, variables.ok ? variables.value : undefined));
}

const askHit = (hits: readonly DashboardHit[], title: string): Promise<DashboardHit | undefined> =>
  pick(
    hits.map((hit) => ({ label: hit.title, description: hit.folder ?? '', icon: 'graph', value: hit })),
    { title: 'Open Dashboard', placeholder: `Several fit "${title}". Which one?` },
  );
