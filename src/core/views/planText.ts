import type { Step } from '../guide/guide.ts';
import { formatDuration } from '../incident/durations.ts';
import type { Missing, Plan, Target, Trap } from '../plan/plan.ts';

/** What is said of a plan before anything runs, each as a label and sentences. */
export interface PlanText {
  readonly title: string;
  /** The exact command; empty for what a person does by hand. */
  readonly command: string;
  readonly rows: readonly { readonly label: string; readonly lines: readonly string[] }[];
}

/**
 * A step's plan in words: how it runs, where, how dangerous it is, what is missing, its traps, its undo and its timeout.
 * The same words for the hover (`short` leaves out what is usual) and for the preview.
 */
export function describePlan(step: Step, plan: Plan, form: 'short' | 'whole'): PlanText {
  const rows = [
    { label: 'Runs', lines: [executorOf(plan)] },
    { label: 'Where', lines: whereOf(plan) },
    { label: 'Risk', lines: [riskOf(plan)] },
    { label: 'Condition', lines: step.condition === undefined ? [] : [step.condition] },
    { label: 'Missing', lines: plan.missing.map(missingOf) },
    { label: 'Secrets', lines: plan.secrets ?? [] },
    {
      label: 'Traps',
      lines: plan.traps.filter(({ code }) => !saidElsewhere.has(code)).map(({ message }) => message),
    },
    ...(form === 'short'
      ? []
      : [
          { label: 'Undo', lines: [undoOf(step, plan)] },
          { label: 'Timeout', lines: [timeoutOf(plan)] },
        ]),
  ].filter(({ lines }) => lines.length > 0);
  return { title: step.text, command: plan.kind === 'manual' ? '' : plan.preview, rows };
}

/** The preview as a document. */
export function renderPlanText({ title, command, rows }: PlanText): string {
  const width = Math.max(...rows.map(({ label }) => label.length)) + 2;
  const body = rows.flatMap(({ label, lines }) =>
    lines.map(
      (line, index) => `${(index === 0 ? label : '').padEnd(width)}${line.replace(/\s*\n\s*/g, ' ')}`,
    ),
  );
  return [title, '', ...(command === '' ? [] : [command, '']), ...body, ''].join('\n');
}

/** The row of how it runs says the one, that of where it goes the other. */
const saidElsewhere: ReadonlySet<Trap['code']> = new Set(['runs-in-shell', 'no-context']);

function executorOf(plan: Plan): string {
  switch (plan.kind) {
    case 'kubernetes':
      return 'by the Kubernetes API, without a shell';
    case 'argocd':
      return 'by Argo CD, without a shell';
    case 'rds':
      return 'by the API of Amazon RDS, without a shell';
    case 'http':
      return 'as an HTTP request, without a shell';
    case 'query':
      return 'by the HTTP API of Prometheus, without a shell';
    case 'flag':
      return 'by the feature flag service, without a shell';
    case 'shell': {
      const why = plan.traps.find(({ code }) => code === 'runs-in-shell')?.message;
      const place = plan.interactive ? 'in a terminal' : `in your shell (${plan.interpreter ?? 'bash'})`;
      return why === undefined ? place : `${place}. ${why}`;
    }
    case 'manual':
      return 'by hand: a person does it';
  }
}

function whereOf(plan: Plan): readonly string[] {
  const { target, kind } = plan;
  if (kind === 'query') return plan.server === undefined ? [] : [`Prometheus at ${plan.server}`];
  if (kind === 'manual' || kind === 'http' || kind === 'flag') return [];
  const known = placesOf(target);
  return known.length > 0
    ? [known.join(', ')]
    : ['nowhere yet: the target is pinned when an incident is declared'];
}

const placesOf = ({ context, namespace, argoCdServer, awsProfile, awsRegion }: Target): readonly string[] => [
  ...(context === undefined ? [] : [`context ${context}`]),
  ...(namespace === undefined ? [] : [`namespace ${namespace}`]),
  ...(argoCdServer === undefined ? [] : [`Argo CD ${argoCdServer}`]),
  ...(awsProfile === undefined ? [] : [`AWS profile ${awsProfile}`]),
  ...(awsRegion === undefined ? [] : [`region ${awsRegion}`]),
];

function riskOf({ kind, risk }: Plan): string {
  if (kind === 'manual') return 'none: nothing runs';
  switch (risk) {
    case 'read':
      return 'read: it runs at once';
    case 'change':
      return 'change: it asks before it runs';
    case 'destructive':
      return 'destructive: it asks for the name of what it hits';
  }
}

const missingOf = ({ written, kind, name }: Missing): string =>
  name === '...' ? `${written}: left out by the guide` : `${written}: ${kind === 'text' ? 'any text' : kind}`;

function undoOf({ attributes }: Step, plan: Plan): string {
  const written = attributes['ir.undo']?.trim();
  if (written) return `as the guide says: ${written}`;
  if (plan.kind === 'manual' || plan.risk === 'read') return 'nothing to undo';
  return plan.kind === 'shell' || plan.kind === 'http'
    ? 'none: what it changes is not known'
    : 'offered once it has run, where it can be taken back';
}

const timeoutOf = ({ timeoutMs, kind }: Plan): string =>
  kind === 'manual' || timeoutMs === undefined
    ? 'none: until it is stopped'
    : `after ${formatDuration(timeoutMs)}`;
