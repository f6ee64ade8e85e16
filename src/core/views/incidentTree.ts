import type { Guide, StepSequence } from '../guide/guide.ts';
import { waitingApprovals } from '../approvals/approval.ts';
import { clocksOf } from '../incident/clocks.ts';
import { formatClock, formatDuration } from '../incident/durations.ts';
import type { EventType } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import { openDebts } from '../incident/undoable.ts';
import { utcDate, utcDateTime, utcTime } from '../incident/instants.ts';
import { nextThing, type NextContext } from '../incident/nextThing.ts';
import { stepState } from '../incident/progress.ts';
import { createJudge, type Judge } from '../judge/judgeStep.ts';
import { missingGuide } from './missingGuide.ts';
import { renderNextThing, whyNextThing } from './nextThingText.ts';
import { oneLine } from './oneLine.ts';
import { pageResolvedText } from './pageTexts.ts';
import { approvalNodes } from './approvalNodes.ts';
import { deliveryNodes, needsPerson } from './deliveryNodes.ts';
import { evidenceNodes } from './evidenceNodes.ts';
import { readingNode } from './partNodes.ts';
import { phaseNodes } from './phaseTree.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import { proposedByPage } from '../signals/pageInStep.ts';
import { hasLooked, resolutionItems, resolutionSummary } from '../resolution/resolutionState.ts';
import { presentSoakNode, resolutionNodes } from './resolutionNodes.ts';
import { stepNodes, stepsSummary } from './stepNodes.ts';
import { renderTarget, timelineRows } from './timeline.ts';
import { undoNodes } from './undoNodes.ts';
import { command, createNode, withUniqueIds } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';
import { verdictWords } from './verdictText.ts';

/** Rows of the timeline drawn at most; the post-mortem has them all. */
const TIMELINE_LIMIT = 200;

/**
 * One incident as the sidebar shows it at `now` (UTC ISO 8601). Without its guide: what the journal alone knows. `runbooks`
 * are those of every guide, for the one in hand may be of another.
 */
export function incidentNodes(
  incident: Incident,
  guide: Guide | undefined,
  now: string,
  runbooks: readonly StepSequence[] = guide?.runbooks ?? [],
): readonly TreeNode[] {
  const id = incident.id;
  const clocks = clocksOf(incident, guide, now);
  const judge = createJudge(incident);
  // What nobody was told of must be seen before anything else.
  const isAsked = waitingApprovals(incident, now).length > 0;
  const isStuck = incident.deliveries.some(needsPerson);
  const root = createNode(
    id,
    incident.status === 'active' ? 'incident.active' : 'incident.resolved',
    { ...headOf(incident, clocks.elapsedMs), expanded: 'expanded' },
    [
      ...nextNodes(incident, guide, now, { judge, runbooks }),
      ...(isAsked ? approvalNodes(incident, now) : []),
      ...relapseAbove(incident, now),
      ...pageAbove(incident),
      ...debtNodes(incident),
      ...(isStuck ? deliveryNodes(incident) : []),
      ...(guide ? phaseNodes(id, { incident, guide, clocks, now, judge }) : []),
      ...(guide?.phases.some(({ kind }) => kind === 'resolution') || !hasLooked(incident)
        ? []
        : [resolutionGroup(incident, guide, now)]),
      ...(guide ? guideNodes(incident, guide, judge) : []),
      ...(isStuck ? [] : deliveryNodes(incident)),
      ...(isAsked ? [] : approvalNodes(incident, now)),
      ...undoNodes(incident),
      ...evidenceNodes(incident),
      timelineNode(incident),
    ],
  );
  return withUniqueIds([root]);
}

/**
 * An active incident that this window does not work on, as one row that switches to it. Its steps are not drawn: what
 * is clicked acts on the current incident, which is pinned to another cluster.
 */
export function otherIncidentNode(incident: Incident, guide: Guide | undefined, now: string): TreeNode {
  const { elapsedMs } = clocksOf(incident, guide, now);
  const head = headOf(incident, elapsedMs);
  return createNode(incident.id, 'incident.other', {
    ...head,
    tooltip: `${head.tooltip}\nClick to work on this incident in this window`,
    command: command('incident.switchIncident', incident.id),
  });
}

function headOf(incident: Incident, elapsedMs: number) {
  const isActive = incident.status === 'active';
  const clock = isActive ? formatClock(elapsedMs) : `resolved after ${formatDuration(elapsedMs)}`;
  return {
    label: oneLine(`${incident.severity} ${incident.title}`),
    description: `${clock}  ${incident.number}${incident.drill ? '  drill' : ''}`,
    tooltip: [
      `${incident.severity} ${incident.title}`,
      `Declared ${utcDateTime(incident.declaredAt)} by ${incident.declaredBy}`,
      incident.service && `Service: ${incident.service}`,
      `Target: ${renderTarget(incident.target)}`,
    ]
      .filter(Boolean)
      .join('\n'),
    ...(isActive ? { icon: 'flame', color: 'charts.red' } : { icon: 'pass', color: 'testing.iconPassed' }),
    subject: [incident.id],
  };
}

function nextNodes(
  incident: Incident,
  guide: Guide | undefined,
  now: string,
  context: NextContext,
): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  const missing = missingGuide(incident, guide);
  if (missing !== undefined) {
    nodes.push(
      createNode(`${incident.id}/no-guide`, 'noGuide', {
        label: 'The guide of this incident was not found',
        description: incident.guideFile,
        tooltip: missing,
        icon: 'warning',
        color: 'list.warningForeground',
      }),
    );
  }
  const thing = nextThing(incident, guide, now, context);
  if (thing.kind === 'nothing') return nodes;
  const { response } = clocksOf(incident, guide, now);
  const isLate = thing.kind === 'update' ? 'overdue' : response.kind === 'late' ? 'late' : undefined;
  const due =
    thing.kind === 'acknowledge' && response.kind === 'waiting'
      ? `due ${utcTime(response.dueAt)} UTC`
      : undefined;
  const urgent = thing.kind === 'acknowledge' || thing.kind === 'update' ? (due ?? isLate) : undefined;
  nodes.push(
    createNode(`${incident.id}/next`, 'next', {
      label: oneLine(`Next: ${renderNextThing(thing)}`),
      description:
        urgent ?? (thing.kind === 'step' && thing.judged ? verdictWords[thing.judged.verdict] : undefined),
      tooltip: [renderNextThing(thing), ...whyNextThing(thing)].join('\n'),
      icon: 'debug-continue',
      color: 'charts.green',
      command: command('incident.continue'),
    }),
  );
  return nodes;
}

/** A relapse is nothing to be looked for in a phase further down. */
function relapseAbove(incident: Incident, now: string): readonly TreeNode[] {
  const isRelapsed = soakNow(incident)?.state === 'relapsed';
  const node = isRelapsed ? presentSoakNode(`${incident.id}/soak`, incident, now) : undefined;
  return node ? [node] : [];
}

/** Resolved in PagerDuty is not resolved here: a click begins that, with its checks. */
function pageAbove(incident: Incident): readonly TreeNode[] {
  const resolved = proposedByPage(incident);
  if (!resolved) return [];
  const { name = resolved.page, who, at } = resolved;
  return [
    createNode(`${incident.id}/page-resolved`, 'pageResolved', {
      label: 'Resolved in PagerDuty',
      description: oneLine(`${utcTime(at)}${who === undefined ? '' : ` by ${who}`}, ${name}`, 80),
      tooltip: `${pageResolvedText(resolved)}. This incident is still active.\nClick: resolve it here too, after its checks`,
      icon: 'question',
      color: 'list.warningForeground',
      command: command('incident.resolve', incident.id),
    }),
  ];
}

/** Where the guide has no phase for it. */
function resolutionGroup(incident: Incident, guide: Guide | undefined, now: string): TreeNode {
  const id = `${incident.id}/resolution`;
  const items = resolutionItems(incident, guide, now);
  return createNode(
    id,
    'resolution',
    { label: 'Resolution', description: resolutionSummary(items), icon: 'verified' },
    resolutionNodes(id, { incident, guide, now }),
  );
}

/** Open until its undo has run: a click does that, after the usual question. */
const debtNodes = (incident: Incident): readonly TreeNode[] =>
  openDebts(incident).map((change) =>
    createNode(`${incident.id}/debts/${change.id}`, 'debt', {
      label: oneLine(change.debt ?? ''),
      description: `since ${utcTime(change.at)}`,
      tooltip: [change.debt, change.undo && `Click: ${change.undo.title}`].filter(Boolean).join('\n'),
      icon: 'warning',
      color: 'list.warningForeground',
      ...(change.undo ? { command: command('incident.undoChange', change.id) } : {}),
      subject: [change.id],
    }),
  );

function guideNodes(incident: Incident, guide: Guide, judge: Judge): readonly TreeNode[] {
  const group = (
    name: string,
    label: string,
    icon: string,
    children: readonly TreeNode[],
    description?: string,
  ) =>
    children.length === 0
      ? []
      : [
          createNode(
            `${incident.id}/${name}`,
            name,
            { label, icon, description: description ?? String(children.length) },
            children,
          ),
        ];
  const runbooks = guide.runbooks.map((runbook) => {
    const id = `${incident.id}/runbooks/${runbook.id}`;
    return createNode(
      id,
      'runbook',
      {
        label: oneLine(runbook.title),
        description: stepsSummary(incident, runbook.steps),
        icon: 'book',
        command: command('incident.openRunbook', runbook.id),
        subject: [runbook.id],
      },
      stepNodes(id, incident, runbook.steps, judge),
    );
  });
  const isRunning = guide.runbooks.find(({ steps }) =>
    steps.some((step) => stepState(incident, step.id) === 'running'),
  );
  const others = runbooks.length - 1;
  const running =
    isRunning && `${oneLine(isRunning.title, 40)} (running)${others > 0 ? `, ${others} more` : ''}`;
  const contacts = guide.contacts.map((contact, index) => {
    const label = contact.placeholder ? contact.role : `${contact.role}: ${contact.name}`;
    return createNode(`${incident.id}/contacts/${index}`, contact.placeholder ? 'contact.empty' : 'contact', {
      label: oneLine(label),
      description: contact.placeholder ? 'not filled in in the guide' : oneLine(contact.contact),
      icon: 'account',
      command: contact.placeholder
        ? command('incident.openGuide', contact.line)
        : command('incident.copyText', contact.contact),
      subject: [contact.contact],
    });
  });
  const places = new Map(guide.links.map((link) => [link.resolved, link]));
  const links = [...places.values()].map((link, index) =>
    createNode(`${incident.id}/links/${index}`, 'link', {
      label: oneLine(link.text || link.href),
      description: oneLine(link.href),
      icon: 'link',
      command: command('incident.openLink', link.href, guide.file),
      subject: [link.resolved],
    }),
  );
  const empty = guide.phases.length === 0;
  return [
    ...(empty ? [readingNode(`${incident.id}/no-phases`, 'This guide has no phases. Open it', 1)] : []),
    ...group('runbooks', 'Runbooks', 'notebook', runbooks, running),
    ...group('contacts', 'Contacts', 'organization', contacts),
    ...group('links', 'Related links', 'link', links),
  ];
}

const eventIcons: Readonly<Partial<Record<EventType | 'unknown', string>>> = {
  IncidentDeclared: 'flame',
  IncidentAcknowledged: 'eye',
  RunStarted: 'terminal',
  RunEnded: 'terminal',
  RunAllEnded: 'run-all',
  NoteAdded: 'note',
  UpdatePosted: 'comment',
  ChecklistItemTicked: 'check',
  PhaseEntered: 'arrow-right',
  ChangeMade: 'edit',
  IncidentResolved: 'pass',
  IncidentReopened: 'refresh',
  ResolutionChecked: 'checklist',
  CheckOverridden: 'warning',
  SoakStarted: 'watch',
  RelapseSeen: 'warning',
  SoakPassed: 'pass',
  SoakCancelled: 'circle-slash',
  ChangeKept: 'lock',
  PostMortemOwnerSet: 'account',
  PostMortemDrafted: 'notebook',
  AudienceUpdatePosted: 'megaphone',
  DeliveryDelivered: 'pass',
  DeliveryFailed: 'error',
  SignalAttached: 'bell',
  PinReceived: 'pinned',
  EvidenceAdded: 'comment-unresolved',
  PeopleEscalated: 'megaphone',
  PageResolvedSeen: 'device-mobile',
  ApprovalRequested: 'shield',
  ApprovalGiven: 'verified',
  ApprovalRefused: 'circle-slash',
  unknown: 'question',
};

function timelineNode(incident: Incident): TreeNode {
  const rows = timelineRows(incident);
  const id = `${incident.id}/timeline`;
  const withOutput = new Set(incident.runs.filter(({ end }) => end?.output).map((run) => run.id));
  const first = utcDate(incident.declaredAt);
  const shown = rows.slice(-TIMELINE_LIMIT).reverse();
  const nodes = shown.map((row) => {
    const when = utcDate(row.at) === first ? utcTime(row.at) : utcDateTime(row.at).replace(' UTC', '');
    return createNode(`${id}/${row.id}`, row.undoable ? 'event.undoable' : `event.${row.kind}`, {
      label: oneLine(row.text, 160),
      description: `${when} ${row.by}`,
      tooltip: `${row.text}\n${utcDateTime(row.at)}, ${row.by}`,
      icon: eventIcons[row.kind] ?? 'circle-small',
      command:
        row.url !== undefined
          ? command('incident.openLink', row.url)
          : row.run !== undefined && withOutput.has(row.run)
            ? command('incident.openOutput', row.run)
            : command('incident.showEvent', row.id),
      subject: [row.id],
    });
  });
  const earlier = rows.length - shown.length;
  const more = earlier > 0 ? [createNode(`${id}/earlier`, 'earlier', { label: `${earlier} earlier` })] : [];
  const description = `${rows.length} ${rows.length === 1 ? 'entry' : 'entries'}`;
  return createNode(id, 'timeline', { label: 'Timeline', description, icon: 'history' }, [...nodes, ...more]);
}
