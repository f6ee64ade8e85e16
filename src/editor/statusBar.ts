import * as vscode from 'vscode';
import { statusBarOf } from '../core/views/statusBar.ts';
import type { GuideLibrary } from './guideLibrary.ts';
import type { Session } from './session.ts';

/** Severity, elapsed and next update of the current incident; drawn each second while one is active. */
export function registerStatusBar(
  session: Session,
  guides: GuideLibrary,
  now: () => string,
): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('incident.status', vscode.StatusBarAlignment.Left, 1_000);
  item.name = 'Incident';
  item.command = 'incident.continue';
  const draw = (): void => {
    const incident = session.current();
    if (incident?.status !== 'active') {
      item.hide();
      return;
    }
    const { text, tooltip, tone } = statusBarOf(incident, guides.guideOf(incident.guideFile), now());
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: tooltip };
    item.backgroundColor =
      tone === 'normal' ? undefined : new vscode.ThemeColor(`statusBarItem.${tone}Background`);
    item.show();
  };
  const timer = setInterval(draw, 1_000);
  const subscription = session.onDidChange(draw);
  draw();
  return new vscode.Disposable(() => {
    clearInterval(timer);
    subscription.dispose();
    item.dispose();
  });
}
