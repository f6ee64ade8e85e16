import type { Guide } from '../guide/guide.ts';
import { runbookHealth } from '../history/runbookHealth.ts';
import type { IncidentUse } from '../history/runbookUse.ts';
import { healthSentences, healthWords } from './healthText.ts';
import { oneLine } from './oneLine.ts';
import { placeNodes } from './stepPlaces.ts';
import { command, createNode, withUniqueIds } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

/** What past incidents did with runbooks, and when that is looked at (UTC ISO 8601). */
export interface Practice {
  readonly incidents: readonly IncidentUse[];
  readonly now: string;
}

/** The runbooks of every guide found; guides without any are left out. A lone guide's runbooks, and a whole-file runbook, stand by themselves. */
export function runbookNodes(guides: readonly Guide[], practice?: Practice): readonly TreeNode[] {
  const withRunbooks = guides.filter(({ runbooks }) => runbooks.length > 0);
  const isOneRunbook = ({ runbooks }: Guide) => runbooks.length === 1 && runbooks[0]?.source === 'file';
  const nodes = withRunbooks
    .filter((guide) => !isOneRunbook(guide))
    .map((guide) =>
      createNode(
        guide.file,
        'guide',
        {
          label: oneLine(guide.title ?? fileNameOf(guide.file)),
          description: `${guide.runbooks.length}`,
          tooltip: guide.file,
          icon: 'file',
          expanded: 'expanded',
          subject: [guide.file],
        },
        ofGuide(guide, practice),
      ),
    );
  // A file that is one runbook needs no node of its own around it.
  const alone = withRunbooks.filter(isOneRunbook).flatMap((guide) => ofGuide(guide, practice));
  const [only] = nodes;
  return withUniqueIds([...(nodes.length === 1 && only ? only.children : nodes), ...alone]);
}

const ofGuide = (guide: Guide, practice: Practice | undefined): readonly TreeNode[] =>
  guide.runbooks.map((runbook) => {
    const id = `${guide.file}#${runbook.id}`;
    const count = runbook.steps.length;
    const health = practice && runbookHealth(runbook, practice.incidents, practice.now);
    const steps = runbook.steps.map((step) =>
      createNode(
        `${id}/${step.id}`,
        step.command === undefined ? 'step.manual' : 'step',
        {
          label: oneLine(`${step.number}. ${step.text}`),
          description: step.command === undefined ? 'by hand' : oneLine(step.command, 80),
          tooltip: [step.condition, step.command, ...step.details].filter(Boolean).join('\n') || step.text,
          icon: step.command === undefined ? 'person' : 'terminal',
          command: command('incident.openRunbook', runbook.id, step.id),
          subject: [step.id],
        },
        placeNodes(`${id}/${step.id}`, step),
      ),
    );
    return createNode(
      id,
      'runbook',
      {
        label: oneLine(runbook.title),
        description: [
          runbook.proseOnly ? 'prose only' : `${count} ${count === 1 ? 'step' : 'steps'}`,
          ...(health ? [healthWords(health, practice.now)] : []),
        ].join(', '),
        tooltip: [
          `${guide.file}:${runbook.line}`,
          ...(runbook.proseOnly ? ['It has no command: its sentences are steps by hand.'] : []),
          ...(health ? healthSentences(health) : []),
        ].join('\n'),
        icon: 'book',
        command: command('incident.openRunbook', runbook.id),
        subject: [runbook.id],
      },
      steps,
    );
  });

const fileNameOf = (file: string): string => file.split(/[\\/]/).at(-1) || file;
