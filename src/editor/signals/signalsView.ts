import * as vscode from 'vscode';
import type { Incident } from '../../core/incident/incident.ts';
import { signalNodes } from '../../core/views/signalTree.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import type { LazyActs } from '../lazyActs.ts';
import { tokenNameOf } from '../secrets.ts';
import { getSetting } from '../settings.ts';
import { registerTree } from '../views/treeView.ts';

/** Ages are in minutes. */
const redrawMs = 15_000;

/**
 * The Signals view. Nothing is read before it is in sight or an incident is active, and what reads is a lazy chunk that
 * stays on disk where no source is set up.
 */
export function registerSignalsView(
  { session, now }: Pick<CommandDeps, 'session' | 'now'>,
  acts: LazyActs,
  secrets: vscode.SecretStorage,
): vscode.Disposable {
  let isVisible = false;
  let subscription: vscode.Disposable | undefined;
  const follow = async (): Promise<void> => {
    const isWanted = isVisible || session.current()?.status === 'active';
    if (!subscription && (!isWanted || !(await hasSources(session.current(), secrets)))) return;
    const { signals } = acts.get();
    subscription ??= signals.onDidChange(tree.refresh);
    signals.want(isWanted);
  };
  const tree = registerTree(
    'incident.signals',
    async () => {
      await session.ready();
      await follow();
      return subscription ? signalNodes(acts.get().signals.shown(), now()) : [];
    },
    (visible) => {
      isVisible = visible;
      void follow();
    },
  );
  const redraw = (): void => {
    void follow();
    tree.refresh();
  };
  const timer = setInterval(() => {
    if (subscription) tree.refresh();
  }, redrawMs);
  return vscode.Disposable.from(
    tree,
    session.onDidChange(redraw),
    secrets.onDidChange(redraw),
    vscode.workspace.onDidGrantWorkspaceTrust(redraw),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('incident')) redraw();
    }),
    new vscode.Disposable(() => {
      clearInterval(timer);
      subscription?.dispose();
    }),
  );
}

/** Whether there is anybody to ask, told from the settings, the pin and the names of secrets alone. */
async function hasSources(incident: Incident | undefined, secrets: vscode.SecretStorage): Promise<boolean> {
  if (!vscode.workspace.isTrusted) return false;
  const isSet = (['alertmanager.baseUrl', 'prometheus.baseUrl', 'argoCd.baseUrl'] as const).some(
    (key) => getSetting(key).trim() !== '',
  );
  if (isSet || getSetting('flags.services').some(({ kind }) => kind === 'unleash')) return true;
  const where = getSetting('signals.clusterChanges');
  const isPinned = incident?.status === 'active' && incident.target.context !== undefined;
  if (where === 'current' || (where === 'pinned' && isPinned)) return true;
  return (await secrets.keys()).includes(tokenNameOf('pagerduty', getSetting('pagerduty.baseUrl').trim()));
}
