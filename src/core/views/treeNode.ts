/** A tree row as plain data: the editor draws it and decides nothing. */
export interface TreeNode {
  /** Unique in its view and stable while the thing it shows is the same one. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Plain text. */
  readonly tooltip?: string;
  /** Codicon id: `circle-outline`. */
  readonly icon?: string;
  /** ThemeColor id of the icon: `testing.iconPassed`. */
  readonly color?: string;
  readonly contextValue: string;
  /** Undefined: a leaf. */
  readonly expanded?: 'expanded' | 'collapsed' | undefined;
  readonly command?: TreeCommand;
  /** What the context menu's commands are called with. */
  readonly subject?: readonly unknown[];
  readonly accessibleLabel?: string;
  readonly children: readonly TreeNode[];
}

export interface TreeCommand {
  readonly id: string;
  readonly args: readonly unknown[];
}

type Content = Omit<TreeNode, 'children' | 'id' | 'contextValue'>;

/** One node. A description that is undefined or empty is left out; the accessible label is put together when not given. */
export function createNode(
  id: string,
  contextValue: string,
  { description, ...content }: Omit<Content, 'description'> & { readonly description?: string | undefined },
  children: readonly TreeNode[] = [],
): TreeNode {
  const spoken = content.accessibleLabel ?? [content.label, description].filter(Boolean).join(', ');
  return {
    id,
    contextValue,
    ...content,
    ...(description ? { description } : {}),
    ...(children.length > 0 ? { expanded: content.expanded ?? 'collapsed' } : {}),
    accessibleLabel: spoken,
    children,
  };
}

export const command = (id: string, ...args: readonly unknown[]): TreeCommand => ({ id, args });

/** VS Code refuses a whole view over one id used twice, and guides are written by hand: later ones get a suffix. */
export function withUniqueIds(
  nodes: readonly TreeNode[],
  seen: Set<string> = new Set(),
): readonly TreeNode[] {
  return nodes.map((node) => {
    let id = node.id;
    for (let count = 2; seen.has(id); count++) id = `${node.id}#${count}`;
    seen.add(id);
    return { ...node, id, children: withUniqueIds(node.children, seen) };
  });
}
