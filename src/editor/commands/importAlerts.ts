import * as vscode from 'vscode';
import { runbookFile, runbookFileName } from '../../core/authoring/skeletons.ts';
import type { Guide, Runbook } from '../../core/guide/guide.ts';
import { plainText, withoutIcons } from '../../core/signals/plainText.ts';
import { linkAlert, unlinkedAlerts, type UnlinkedAlert } from '../../core/signals/linkAlert.ts';
import { pick } from '../ask/ask.ts';
import { parseGuide } from '../guides/guideLibrary.ts';
import type { CommandFactory } from './commandDeps.ts';
import { editGuide, guideFolder, ownGuides, shownFile, writeNew } from './newGuides.ts';

/**
 * Offers a file for each open alert whose `runbook_url` leads to none: a new one, or a runbook that is there already.
 * What the address leads to on the web is not read.
 */
export const importAlertRunbooks: CommandFactory = (deps) => async () => {
  const folder = guideFolder();
  if (!folder) return;
  const [, known] = await Promise.all([
    deps.guides.load(),
    vscode.window.withProgress({ location: { viewId: 'incident.signals' } }, () => deps.signals.known()),
  ]);
  const alerts = unlinkedAlerts(known, deps.guides.all());
  if (alerts.length === 0) {
    void vscode.window.showInformationMessage(
      'No open alert names a runbook that is not here already. Incident: New Runbook makes one for an alert to come.',
    );
    return;
  }
  const shown = (text: string): string => withoutIcons(plainText(text, 100));
  const alert = await pick<UnlinkedAlert>(
    alerts.map((each) => ({ label: shown(each.title), detail: shown(each.url), value: each })),
    { title: 'Import Alert Runbooks (1/2)', placeholder: 'Which alert’s runbook?' },
  );
  if (!alert) return;
  type Where = 'new' | { readonly guide: Guide; readonly runbook: Runbook };
  const name = runbookFileName(alert.title);
  const where = await pick<Where>(
    [
      { label: 'Create a file', description: `runbooks/${name}`, value: 'new' },
      ...ownGuides(deps).flatMap((guide) =>
        guide.runbooks.map((runbook) => ({
          label: runbook.title,
          description: shownFile(deps, guide),
          value: { guide, runbook },
        })),
      ),
    ],
    {
      title: `Import Alert Runbooks (2/2): ${shown(alert.title)}`,
      placeholder: 'Create its runbook, or link one?',
    },
  );
  if (!where) return;
  if (where === 'new') {
    const text = runbookFile(alert.title, 'alert', [alert.url]);
    const uri = await writeNew(vscode.Uri.joinPath(folder, 'runbooks'), name, text);
    await vscode.window.showTextDocument(uri);
    return;
  }
  await editGuide(deps.guides.uriOf(where.guide), (source) => {
    // The editor may hold newer text than the disk: the runbook is found again by its title.
    const now = parseGuide(source, { file: where.guide.file });
    const runbook = now.runbooks.find(({ title }) => title === where.runbook.title) ?? where.runbook;
    return linkAlert(source, now, runbook, alert);
  });
};
