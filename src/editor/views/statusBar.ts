import * as vscode from 'vscode';
import { owedForMs, owedPostMortem } from '../../core/views/postMortemBar.ts';
import { statusBarOf, type StatusBar } from '../../core/views/statusBar.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

/** How many incidents of before are read for the post-mortem they may owe: the newest ones. */
const mostRead = 5;

/**
 * Severity, elapsed and next update of the current incident while one is active, else the post-mortem that is owed;
 * drawn each second.
 */
export function registerStatusBar({
  session,
  guides,
  incidents,
  now,
}: Pick<CommandDeps, 'session' | 'guides' | 'incidents' | 'now'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('incident.status', vscode.StatusBarAlignment.Left, 1_000);
  item.name = 'Incident';
  let drawn = '';
  const show = ({ text, tooltip, tone }: StatusBar, command: string | vscode.Command): void => {
    // An item that is given its command anew loses the click that is on its way.
    const key = JSON.stringify([text, tooltip, tone, command]);
    if (key === drawn) return;
    drawn = key;
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: tooltip };
    item.backgroundColor =
      tone === 'normal' ? undefined : new vscode.ThemeColor(`statusBarItem.${tone}Background`);
    item.command = command;
    item.show();
  };
  const draw = (): void => {
    const incident = session.current();
    if (incident?.status === 'active') {
      const bar = statusBarOf(incident, guides.guideOf(incident.guideFile), now());
      return show(bar, 'incident.continue');
    }
    const owed = owedPostMortem(
      incidents.all(),
      incident?.id,
      ({ guideFile }) => guides.guideOf(guideFile),
      now(),
    );
    if (!owed) {
      drawn = '';
      return item.hide();
    }
    show(owed.bar, {
      command: 'incident.draftPostMortem',
      title: 'Post-Mortem',
      arguments: [owed.incident.id],
    });
  };
  /** Old incidents are not read at the start: the newest of them may owe one all the same. */
  const readRecent = async (): Promise<void> => {
    await session.ready();
    const recent = incidents
      .summaries()
      .filter(
        ({ resolvedAt, status }) =>
          status === 'resolved' && Date.parse(now()) - Date.parse(resolvedAt ?? '') < owedForMs,
      )
      .slice(0, mostRead);
    if (recent.length === 0) return;
    await guides.load();
    for (const { id } of recent) await incidents.open(id);
    draw();
  };
  const timer = setInterval(draw, 1_000);
  const subscription = session.onDidChange(draw);
  draw();
  void readRecent();
  return new vscode.Disposable(() => {
    clearInterval(timer);
    subscription.dispose();
    item.dispose();
  });
}
