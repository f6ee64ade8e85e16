import * as vscode from 'vscode';
import type { Guide, Severity } from '../../core/guide/guide.ts';
import type { Command } from '../../core/incident/commands.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Target } from '../../core/plan/plan.ts';
import { readTitle } from '../../core/signals/pastedReport.ts';
import { announce } from '../outward/announce.ts';
import { askText, pick, type Choice } from '../ask/ask.ts';
import { askTarget } from '../ask/askTarget.ts';
import type { ClusterReader } from '../../executors/kubernetes/clusterReader.ts';
import { askSameIncident } from './askSameIncident.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { record } from './onIncident.ts';

const prompts = { title: 'Declare Incident', totalSteps: 4 };

/** Values a guide's own `/incident create` line brings along. */
export interface DeclareValues {
  readonly title?: string;
  readonly severity?: string;
}

/**
 * Title, severity, service, target: at most four prompts, and Esc in any of them leaves nothing half-made. A report or an
 * address that is pasted as the title is kept as evidence. Only where the service has an incident that was declared a
 * moment ago one more question is asked.
 */
export const declareIncident: CommandFactory = (deps) => async (given) => {
  await Promise.all([deps.session.ready(), deps.guides.load()]);
  const guide = deps.guides.guideOf(undefined);
  const values = (typeof given === 'object' && given !== null ? given : {}) as DeclareValues;
  const typed = await askText({
    ...prompts,
    step: 1,
    prompt:
      'What is wrong, in a few words? It becomes the channel topic and the post-mortem title. A pasted report or link is kept as evidence.',
    placeholder: 'Payments failing',
    value: values.title ?? '',
    validate: (text) => (readTitle(text).title ? undefined : 'Type what is wrong, or press Esc.'),
  });
  if (typed === undefined) return;
  const severity = await askSeverity(guide, values.severity);
  if (severity === undefined) return;
  const service = await askService(guide, deps.cluster);
  if (service === undefined) return;
  const { title, evidence } = readTitle(typed);
  const reported = evidence ?? { kind: 'text' as const, text: title };
  const same = await askSameIncident(deps, service || undefined, { signals: [], evidence: [reported] });
  if (same !== 'another') return;
  const target = await askTarget(deps.cluster, { ...prompts, step: 4 });
  if (target === undefined) return;

  const declared = await record(
    deps,
    undefined,
    declareCommand(
      deps,
      guide,
      { title, severity, service: service || undefined, target },
      evidence ? { evidence: [evidence] } : {},
    ),
  );
  if (declared) await afterDeclare(deps, declared);
};

/** The declare as a command, in the guide's first phase. */
export function declareCommand(
  { incidents }: Pick<CommandDeps, 'incidents'>,
  guide: Guide | undefined,
  { service, ...values }: DeclaredValues,
  more: Pick<DeclareOf, 'signals' | 'evidence' | 'onset'>,
): DeclareOf {
  const first = guide?.phases[0];
  return {
    type: 'Declare',
    data: {
      number: incidents.nextNumber(),
      ...values,
      ...(service === undefined ? {} : { service }),
      ...(guide
        ? { guide: { file: guide.file, ...(guide.title === undefined ? {} : { title: guide.title }) } }
        : {}),
    },
    ...(first ? { phase: { phase: first.id, name: first.name } } : {}),
    ...more,
  };
}

type DeclareOf = Extract<Command, { type: 'Declare' }>;

export interface DeclaredValues {
  readonly title: string;
  readonly severity: string;
  readonly service: string | undefined;
  readonly target: Target;
}

/** What follows a declare, wherever it came from: this window works on it, and the connected places are told. */
export async function afterDeclare(deps: CommandDeps, declared: Incident): Promise<void> {
  await deps.session.switchTo(declared.id);
  await vscode.commands.executeCommand('incident.incidents.focus');
  void vscode.window.showInformationMessage(
    `${declared.severity} ${declared.number} declared. "Incident: Continue" takes you through the guide.`,
  );
  await announce(deps, declared);
}

/** One pick of the guide's severities, with their definitions, response times and examples in view. */
export function askSeverity(
  guide: Guide | undefined,
  preset: string | undefined,
): Promise<string | undefined> {
  const severities = severitiesOf(guide);
  const preselect = severities.findIndex((severity) => severity.name.toLowerCase() === preset?.toLowerCase());
  return pick(
    severities.map((severity) => ({
      label: severity.name,
      description: severity.responseText ? `respond within ${severity.responseText}` : '',
      detail: [severity.description, severity.examples && `e.g. ${severity.examples}`]
        .filter(Boolean)
        .join(' · '),
      value: severity.name,
    })),
    {
      ...prompts,
      step: 2,
      placeholder: 'How bad is it? Unsure? Take the higher: it can be lowered later.',
      ...(preselect >= 0 ? { preselect } : {}),
    },
  );
}

/** The guide's severities, the worst first; four of our own where it has none. */
export const severitiesOf = (guide: Guide | undefined): typeof fallbackSeverities =>
  guide?.severities.length ? guide.severities : fallbackSeverities;

const fallbackSeverities: readonly Pick<Severity, 'name' | 'description' | 'responseText' | 'examples'>[] = [
  { name: 'SEV1', description: 'Everything is down', responseText: '15 minutes', examples: '' },
  { name: 'SEV2', description: 'Something critical is degraded', responseText: '30 minutes', examples: '' },
  {
    name: 'SEV3',
    description: 'Something that is not critical is affected',
    responseText: '2 hours',
    examples: '',
  },
  { name: 'SEV4', description: 'Minor, nobody outside notices', responseText: '24 hours', examples: '' },
];

/** One pick of the guide's and the cluster's services; empty: not known yet. */
export function askService(guide: Guide | undefined, cluster: ClusterReader): Promise<string | undefined> {
  const listed = guide?.frontmatter['services']?.split(',').map((name) => name.trim()) ?? [];
  const skip: Choice<string> = { label: '$(dash) Not known yet', description: 'can be set later', value: '' };
  return pick(
    [skip, ...listed.filter(Boolean).map((name) => ({ label: name, description: 'guide', value: name }))],
    {
      ...prompts,
      step: 3,
      placeholder: 'Which service is affected? Pick, type a name, or leave it open.',
      typed: (text) => ({ label: text, description: 'as typed', value: text }),
      later: async (signal) => {
        const read = cluster.listContexts();
        if (!read.ok || read.value.currentContext === undefined) return [];
        const context = read.value.contexts.find((candidate) => candidate.name === read.value.currentContext);
        if (!context) return [];
        const services = await cluster.listServices(context.name, context.namespace ?? 'default', signal);
        return services.ok
          ? services.value.map((name) => ({ label: name, description: context.name, value: name }))
          : [];
      },
    },
  );
}
