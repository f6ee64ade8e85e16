import type { Guide } from '../guide/guide.ts';
import { oneLine } from './oneLine.ts';
import { command, createNode, withUniqueIds } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

/** The runbooks of every guide found; guides without any are left out. With one guide its runbooks stand alone. */
export function runbookNodes(guides: readonly Guide[]): readonly TreeNode[] {
  const withRunbooks = guides.filter(({ runbooks }) => runbooks.length > 0);
  const nodes = withRunbooks.map((guide) =>
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
      ofGuide(guide),
    ),
  );
  const [only] = nodes;
  return withUniqueIds(nodes.length === 1 && only ? only.children : nodes);
}

const ofGuide = (guide: Guide): readonly TreeNode[] =>
  guide.runbooks.map((runbook) => {
    const id = `${guide.file}#${runbook.id}`;
    const count = runbook.steps.length;
    const steps = runbook.steps.map((step) =>
      createNode(`${id}/${step.id}`, step.command === undefined ? 'step.manual' : 'step', {
        label: oneLine(`${step.number}. ${step.text}`),
        description: step.command === undefined ? 'by hand' : oneLine(step.command, 80),
        tooltip: [step.condition, step.command, ...step.details].filter(Boolean).join('\n') || step.text,
        icon: step.command === undefined ? 'person' : 'terminal',
        command: command('incident.openRunbook', runbook.id, step.id),
        subject: [step.id],
      }),
    );
    return createNode(
      id,
      'runbook',
      {
        label: oneLine(runbook.title),
        description: `${count} ${count === 1 ? 'step' : 'steps'}`,
        tooltip: `${guide.file}:${runbook.line}`,
        icon: 'book',
        command: command('incident.openRunbook', runbook.id),
        subject: [runbook.id],
      },
      steps,
    );
  });

const fileNameOf = (file: string): string => file.split(/[\\/]/).at(-1) || file;
