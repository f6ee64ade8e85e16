import type { Guide } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import {
  hasLooked,
  itemDetails,
  resolutionItems,
  resolutionSummary,
  sentenceCase,
  stateText,
  type ResolutionItem,
} from '../resolution/resolutionState.ts';
import { oneLine } from './oneLine.ts';
import { checkLooks, formatSoak, soakProgress } from './resolutionRows.ts';
import { command, createNode, type TreeNode } from './treeNode.ts';

/** What a resolution's nodes are drawn from. */
export interface ResolutionScene {
  readonly incident: Incident;
  readonly guide: Guide | undefined;
  readonly now: string;
}

/** The items of one checklist with what was seen of each; undefined for a checklist that is none of the resolution. */
export function checklistNodes(
  id: string,
  items: readonly { readonly id: string }[],
  { incident, guide, now }: ResolutionScene,
): { readonly summary: string; readonly done: boolean; readonly nodes: readonly TreeNode[] } | undefined {
  const wanted = new Set(items.map((item) => item.id));
  const found = resolutionItems(incident, guide, now).filter(({ check }) => wanted.has(check.id));
  if (found.length !== items.length) return undefined;
  return {
    summary: resolutionSummary(found),
    done: found.every(({ isSettled }) => isSettled),
    nodes: found.map((item) => checkNode(`${id}/${item.check.id}`, item, now)),
  };
}

function checkNode(id: string, item: ResolutionItem, now: string): TreeNode {
  const { check, state, seen } = item;
  const text = stateText(item, now);
  const figures =
    seen && (state === 'good' || state === 'bad' || state === 'not-checked') ? seen.sentence : '';
  const byHand = state === 'manual' || (state === 'ticked' && check.kinds.includes('manual'));
  return createNode(id, state === 'ticked' ? 'item.ticked' : byHand ? 'item.open' : `check.${state}`, {
    label: oneLine(check.text),
    description: oneLine([text, figures].filter(Boolean).join(': '), 160),
    tooltip: itemDetails(item, now),
    ...checkLooks[state],
    accessibleLabel: oneLine(
      `${check.text}, ${[text, sentenceCase(figures)].filter(Boolean).join(', ')}`,
      300,
    ),
    command: command(byHand ? 'incident.tickItem' : 'incident.showCheck', check.id),
    subject: [check.id],
  });
}

/** Under the phase: what is looked at besides the guide's own list, the soak window, who writes the post-mortem. */
export function resolutionNodes(id: string, scene: ResolutionScene): readonly TreeNode[] {
  const { incident, guide, now } = scene;
  const looked = hasLooked(incident);
  const own = looked ? resolutionItems(incident, guide, now).filter(({ check }) => check.isOwn) : [];
  const isActive = incident.status === 'active';
  return [
    ...(own.length === 0
      ? []
      : [
          createNode(
            `${id}/also`,
            'also',
            {
              label: 'Also looked at',
              description: resolutionSummary(own),
              icon: 'search',
              expanded: 'expanded',
            },
            own.map((item) => checkNode(`${id}/also/${item.check.id}`, item, now)),
          ),
        ]),
    ...(isActive
      ? [
          createNode(`${id}/check`, 'checkResolution', {
            label: looked ? 'Check again' : 'Check Resolution',
            description: looked ? '' : 'asks the systems, changes nothing',
            icon: 'refresh',
            command: command('incident.checkResolution'),
          }),
        ]
      : []),
    ...soakNodes(id, scene),
    ...ownerNodes(id, incident),
  ];
}

/** The soak window: how it stands while it waits for its end or a person, and what became of earlier ones. */
function soakNodes(id: string, { incident, now }: ResolutionScene): readonly TreeNode[] {
  const present = soakNow(incident);
  const earlier = incident.soaks.filter((soak) => soak !== present);
  const past = earlier.map((soak) => {
    const why = soak.relapse.length > 0 ? `relapse: ${soak.relapse.join('; ')}` : '';
    return createNode(`${id}/soak/${soak.id}`, 'soak.past', {
      label: `Watched from ${utcTime(soak.startedAt)} UTC, ${soak.state}`,
      description: oneLine(why, 160),
      tooltip: [`${formatSoak(soak.durationMs)}, started by ${soak.by}`, why].filter(Boolean).join('\n'),
      icon: soak.relapse.length > 0 ? 'warning' : 'watch',
    });
  });
  if (!present) return past;
  return [...past, presentSoakNode(`${id}/soak`, incident, now)].filter((node) => node !== undefined);
}

/** The window that waits for its end or for a person; undefined while there is none. */
export function presentSoakNode(id: string, incident: Incident, now: string): TreeNode | undefined {
  const soak = soakNow(incident);
  if (!soak) return undefined;
  const tooltip = `Started by ${soak.by} at ${utcTime(soak.startedAt)} UTC; ${soak.then === 'resolve' ? 'resolves by itself when all is good' : 'a person is asked at its end'}`;
  switch (soak.state) {
    case 'relapsed':
      return createNode(id, 'soak.relapsed', {
        label: 'Relapse: click to reopen',
        description: oneLine(soak.relapse.join('; '), 160),
        tooltip: [...soak.relapse, tooltip, 'Click: reopen. History and reasons stay.'].join('\n'),
        icon: 'warning',
        color: 'list.errorForeground',
        command: command('incident.reopen', incident.id),
      });
    case 'passed':
      return createNode(id, 'soak.passed', {
        label: 'Soak window passed',
        ...(soak.open.length === 0
          ? { description: 'click to resolve', tooltip, icon: 'pass' }
          : {
              description: `not all good: ${oneLine(soak.open.join(', '), 160)}`,
              tooltip: [...soak.open, tooltip, 'Click: resolve.'].join('\n'),
              icon: 'warning',
            }),
        command: command('incident.resolve'),
      });
    default:
      return createNode(id, 'soak.running', {
        label: 'Soak window',
        description: soakProgress(soak, now),
        tooltip: `${tooltip}\nClick: how every check stands, and what can be done`,
        icon: 'watch',
        color: 'charts.blue',
        command: command('incident.resolve'),
      });
  }
}

function ownerNodes(id: string, incident: Incident): readonly TreeNode[] {
  const { postMortemOwner: known, status } = incident;
  if (!known && status === 'active') return [];
  return [
    createNode(`${id}/owner`, 'postMortemOwner', {
      label: known ? `Post-mortem: ${oneLine(known.owner)}` : 'Post-mortem: nobody yet',
      description: known ? oneLine(known.role ?? '') : 'click to say who writes it',
      ...(known ? { tooltip: `Settled by ${known.by} at ${utcTime(known.at)} UTC` } : {}),
      icon: 'account',
      command: command('incident.setPostMortemOwner'),
    }),
  ];
}
