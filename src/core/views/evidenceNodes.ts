import type { Evidence, Incident } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { oneLine } from './oneLine.ts';
import { command, createNode, type TreeNode } from './treeNode.ts';

const icons: Readonly<Record<Evidence['kind'], string>> = {
  text: 'comment-unresolved',
  url: 'link',
  output: 'terminal',
  file: 'file',
  picture: 'file-media',
};

/** Everything kept as evidence, the newest first; a click opens it to be read. */
export function evidenceNodes(incident: Incident): readonly TreeNode[] {
  if (incident.evidence.length === 0) return [];
  const id = `${incident.id}/evidence`;
  const rows = [...incident.evidence].reverse().map((one) =>
    createNode(`${id}/${one.id}`, `evidence.${one.kind}`, {
      label: oneLine(one.note ?? one.text, 120),
      description: `${utcTime(one.at)} ${one.by}`,
      tooltip: [one.note, one.text.slice(0, 1_000), one.file && `SHA-256 ${one.file.sha256}`]
        .filter(Boolean)
        .join('\n'),
      icon: icons[one.kind],
      command: command('incident.openEvidence', one.id),
      subject: [one.id],
    }),
  );
  const description = String(incident.evidence.length);
  return [createNode(id, 'evidence', { label: 'Evidence', description, icon: 'report' }, rows)];
}
