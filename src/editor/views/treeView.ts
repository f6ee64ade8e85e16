import * as vscode from 'vscode';
import type { TreeNode } from '../../core/views/treeNode.ts';

export interface DrawnTree {
  refresh(): void;
  dispose(): void;
}

/** Draws plain nodes; `read` makes them, and an answer that a newer question overtook is dropped. */
export function registerTree(
  id: string,
  read: () => Promise<readonly TreeNode[]>,
  onDidChangeVisibility?: (isVisible: boolean) => void,
): DrawnTree {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.TreeDataProvider<TreeNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (node) => (node ? [...node.children] : [...(await read())]),
    getTreeItem: toItem,
  };
  const view = vscode.window.createTreeView(id, { treeDataProvider: provider, showCollapseAll: true });
  const shown = view.onDidChangeVisibility((event) => {
    onDidChangeVisibility?.(event.visible);
  });
  return {
    refresh: () => {
      if (view.visible) changed.fire();
    },
    dispose: () => {
      shown.dispose();
      view.dispose();
      changed.dispose();
    },
  };
}

function toItem(node: TreeNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    node.label,
    node.children.length === 0
      ? vscode.TreeItemCollapsibleState.None
      : node.expanded === 'expanded'
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed,
  );
  // VS Code remembers open and closed by id: a node that is now to be open, like the phase just entered, gets a new one.
  item.id = node.expanded === 'expanded' ? `${node.id}#open` : node.id;
  item.contextValue = node.contextValue;
  if (node.description !== undefined) item.description = node.description;
  item.tooltip = node.tooltip ?? node.label;
  if (node.icon !== undefined) {
    item.iconPath = new vscode.ThemeIcon(
      node.icon,
      node.color === undefined ? undefined : new vscode.ThemeColor(node.color),
    );
  }
  if (node.command) {
    item.command = { command: node.command.id, title: node.label, arguments: [...node.command.args] };
  }
  item.accessibilityInformation = {
    label: node.accessibleLabel ?? [node.label, node.description].filter(Boolean).join(', '),
  };
  return item;
}
