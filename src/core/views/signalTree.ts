import { formatDuration } from '../incident/durations.ts';
import type { Incident } from '../incident/incident.ts';
import { msBetween, utcDateTime, utcTime } from '../incident/instants.ts';
import { groupSignals, type SignalGroup } from '../signals/groupSignals.ts';
import type { LiveSignal, SignalKind, SignalState } from '../signals/incomingSignal.ts';
import { sourceNames } from '../signals/incomingSignal.ts';
import { severityStep } from '../signals/mapSeverity.ts';
import { isOfIncident } from '../signals/ownPage.ts';
import { plainText } from '../signals/plainText.ts';
import type { Silence } from '../signals/silence.ts';
import type { SourceHealth } from '../signals/sourceHealth.ts';
import { command, createNode, withUniqueIds } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

/** What the Signals view shows; `signals` merged, times UTC ISO 8601. */
export interface SignalsShown {
  readonly signals: readonly LiveSignal[];
  readonly silences: readonly Silence[];
  readonly health: readonly SourceHealth[];
  /** Active incidents, to mark what is attached to them, and their own pages. */
  readonly incidents: readonly Pick<Incident, 'id' | 'number' | 'signals' | 'deliveries'>[];
}

/** More rows than a person reads; the newest are drawn. */
const changesDrawn = 30;

/**
 * The Signals view at `now`: first what cannot be seen because a source fails, then alerts under their services, the
 * silenced ones apart, recent changes, and how each source answers. Empty when no source is set up: then the view's
 * own welcome says what to do.
 */
export function signalNodes(shown: SignalsShown, now: string): readonly TreeNode[] {
  const { health } = shown;
  if (health.length === 0) return [];
  const { services, quiet, changes } = groupSignals(shown.signals);
  const row = (signal: LiveSignal) => signalNode(signal, shown, now);
  return withUniqueIds([
    ...health.filter(isFailing).map((one) => failingNode(one, now)),
    ...(services.length > 0
      ? services.map((group) => serviceNode(group, row))
      : allQuiet(health, quiet.length)),
    ...folder('silenced', 'Silenced', 'bell-slash', quiet.map(row)),
    ...folder('changes', 'Recent changes', 'history', changes.slice(0, changesDrawn).map(row), 'expanded'),
    sourcesNode(health, now),
  ]);
}

const isFailing = ({ failure }: SourceHealth): boolean => failure !== undefined;

/** Says that nothing fires only when everybody who would know has answered. */
function allQuiet(health: readonly SourceHealth[], silenced: number): readonly TreeNode[] {
  const alerting = health.filter(({ kind }) => kind === 'alerts');
  if (alerting.length === 0) return [];
  if (alerting.some(({ lastAnswerAt, failure }) => lastAnswerAt === undefined && !failure))
    return [createNode('asking', 'signal.none', { label: 'Asking…', icon: 'loading~spin' })];
  if (alerting.some(isFailing)) return [];
  return [
    createNode('quiet', 'signal.none', {
      label: 'No alert fires',
      description: silenced > 0 ? `${silenced} silenced` : undefined,
      icon: 'pass',
      color: 'testing.iconPassed',
    }),
  ];
}

function serviceNode(group: SignalGroup, row: (signal: LiveSignal) => TreeNode): TreeNode {
  const count = group.signals.length;
  return createNode(
    `service/${group.key}`,
    'signal.service',
    {
      label: plainText(group.service ?? 'No service named', 100),
      description: `${count} ${count === 1 ? 'alert' : 'alerts'}`,
      icon: 'server',
      expanded: 'expanded',
    },
    group.signals.map(row),
  );
}

const folder = (
  id: string,
  label: string,
  icon: string,
  children: readonly TreeNode[],
  expanded: 'expanded' | 'collapsed' = 'collapsed',
): readonly TreeNode[] =>
  children.length === 0
    ? []
    : [
        createNode(
          id,
          `signal.${id}`,
          { label, description: `${children.length}`, icon, expanded },
          children,
        ),
      ];

function signalNode(signal: LiveSignal, { silences, incidents }: SignalsShown, now: string): TreeNode {
  const attachedTo = incidents.find((incident) => isOfIncident(incident, signal));
  const age = formatDuration(Math.max(0, msBetween(signal.startedAt, now) ?? 0));
  const isChange = signal.state === 'happened';
  const about = [
    isChange ? `${age} ago` : age,
    !isChange && signal.severity ? plainText(signal.severity, 30) : '',
    stateText(signal, silences),
    attachedTo ? `in ${attachedTo.number}` : '',
    signal.sources.join(' + '),
  ].filter(Boolean);
  const label = plainText(signal.title, 120) || 'No title';
  return createNode(`signal/${signal.id}`, contextOf(signal, attachedTo !== undefined), {
    label,
    description: about.join(' · '),
    tooltip: tooltipOf(signal, silences, now),
    icon: attachedTo ? 'pinned' : iconOf(signal),
    ...colorOf(signal),
    ...clickOf(signal, attachedTo?.id),
    subject: [signal.id],
    accessibleLabel: [kindText[signal.kind], label, ...about, signal.service ?? '']
      .filter(Boolean)
      .join(', '),
  });
}

const kindText: Readonly<Record<SignalKind, string>> = {
  alert: 'Alert',
  page: 'Page',
  deploy: 'Deploy',
  flag: 'Flag change',
  config: 'Configuration change',
};

function stateText(
  { state, silences: ids = [], quietBecause }: LiveSignal,
  silences: readonly Silence[],
): string {
  switch (state) {
    case 'firing':
    case 'happened':
      return '';
    case 'silenced': {
      const ends = silences.filter(({ id }) => ids.includes(id)).map(({ endsAt }) => endsAt);
      const last = ends.sort().at(-1);
      return last ? `silenced until ${utcTime(last)} UTC` : (quietBecause ?? 'silenced');
    }
    case 'pending':
    case 'acknowledged':
    case 'resolved':
      return state;
  }
}

/** What the menus go by: what can be declared from, attached, silenced, opened. */
function contextOf(
  { kind, state, sources, silences, url, runbookUrl }: LiveSignal,
  isAttached: boolean,
): string {
  const parts = ['signal', state === 'happened' ? 'change' : kind];
  if (isAttached) parts.push('attached');
  if (kind === 'alert' && sources.includes(sourceNames.alertmanager))
    parts.push(state === 'silenced' ? (silences?.length ? 'silenced' : 'quiet') : 'loud');
  if (url && /^https?:\/\//i.test(url)) parts.push('link');
  if (runbookUrl) parts.push('runbook');
  return parts.join('.');
}

function iconOf({ kind, state }: LiveSignal): string {
  if (state === 'silenced') return 'bell-slash';
  if (state === 'pending') return 'watch';
  if (state === 'acknowledged') return 'check';
  switch (kind) {
    case 'alert':
      return 'bell';
    case 'page':
      return 'device-mobile';
    case 'deploy':
      return 'rocket';
    case 'flag':
      return 'settings';
    case 'config':
      return 'file-code';
  }
}

const loud: readonly SignalState[] = ['firing', 'acknowledged'];

/** Colour says no more than the severity beside it does. */
function colorOf({ state, severity }: LiveSignal): { readonly color?: string } {
  if (!loud.includes(state)) return {};
  const color = ['charts.red', 'charts.orange', 'charts.yellow', 'charts.blue'][severityStep(severity) ?? -1];
  return color === undefined ? {} : { color };
}

function clickOf(signal: LiveSignal, incident: string | undefined): Pick<TreeNode, 'command'> {
  if (incident !== undefined) return { command: command('incident.switchIncident', incident) };
  if (signal.state !== 'happened') return { command: command('incident.declareFromAlert', signal.id) };
  return signal.url ? { command: command('incident.openSignal', signal.id) } : {};
}

function tooltipOf(signal: LiveSignal, silences: readonly Silence[], now: string): string {
  const age = formatDuration(Math.max(0, msBetween(signal.startedAt, now) ?? 0));
  const quiet = silences.filter(({ id }) => signal.silences?.includes(id));
  return [
    plainText(signal.title, 200),
    plainText(signal.summary ?? '', 500),
    `${signal.state === 'happened' ? 'At' : 'Since'} ${utcDateTime(signal.startedAt)} (${age})`,
    ...quiet.map(
      ({ createdBy, endsAt, comment }) =>
        `Silenced by ${plainText(createdBy, 80) || 'nobody named'} until ${utcDateTime(endsAt)}: ${plainText(comment, 300) || 'no comment'}`,
    ),
    ...(signal.quietBecause ? [signal.quietBecause] : []),
    ...Object.entries(signal.labels)
      .slice(0, 20)
      .map(([name, value]) => `${plainText(name, 80)}: ${plainText(value, 200)}`),
    `Told by ${signal.sources.join(' and ')}`,
  ]
    .filter(Boolean)
    .join('\n');
}

function failingNode(health: SourceHealth, now: string): TreeNode {
  const { source, failure, lastAnswerAt, failingSince, nextAt } = health;
  const ms = Math.max(0, msBetween(lastAnswerAt ?? failingSince ?? now, now) ?? 0);
  const label = `${source}: ${failureText(health)}${ms < 1000 ? '' : ` for ${formatDuration(ms)}`}`;
  return createNode(`failing/${source}`, 'signal.source.failing', {
    label,
    description: lastAnswerAt ? `as of ${utcTime(lastAnswerAt)} UTC` : 'never answered',
    tooltip: [
      failure?.message ?? '',
      nextAt ? `Asked again at ${utcTime(nextAt)} UTC, or at once with Refresh Signals.` : '',
      lastAnswerAt ? 'What it said before is still shown.' : '',
    ]
      .filter(Boolean)
      .join('\n'),
    icon: 'warning',
    color: 'list.warningForeground',
    accessibleLabel: `Warning: ${label}. ${failure?.message ?? ''}`,
  });
}

function failureText({ failure }: SourceHealth): string {
  switch (failure?.code) {
    case 'unauthorized':
      return 'token refused';
    case 'forbidden':
      return 'not allowed';
    case 'unreachable':
    case 'timeout':
      return 'no answer';
    default:
      return 'no usable answer';
  }
}

function sourcesNode(health: readonly SourceHealth[], now: string): TreeNode {
  const well = health.filter((one) => !isFailing(one) && one.lastAnswerAt !== undefined).length;
  return createNode(
    'sources',
    'signal.sources',
    { label: 'Sources', description: `${well} of ${health.length} answer`, icon: 'pulse' },
    health.map((one) => {
      const { source, lastAnswerAt, failure } = one;
      const ago = lastAnswerAt && formatDuration(Math.max(0, msBetween(lastAnswerAt, now) ?? 0));
      const said = failure ? failureText(one) : ago ? `answered ${ago} ago` : 'not asked yet';
      return createNode(`source/${source}`, 'signal.source', {
        label: source,
        description: said,
        tooltip: failure?.message ?? `${source}: ${said}`,
        ...(failure
          ? { icon: 'warning', color: 'list.warningForeground' }
          : ago
            ? { icon: 'pass', color: 'testing.iconPassed' }
            : { icon: 'circle-outline' }),
      });
    }),
  );
}
