interface ElementParts {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** An element with its class, text and attributes. Text is always text: nothing here reads HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  parts: ElementParts = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (parts.class !== undefined) made.className = parts.class;
  if (parts.text !== undefined) made.textContent = parts.text;
  for (const [name, value] of Object.entries(parts.attributes ?? {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Sets the text where it differs: an untouched node keeps selection, scroll position and screen reader quiet. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Shows the element while there is a text for it. */
export function setTextOrHide(node: HTMLElement, text: string | undefined): void {
  setHidden(node, text === undefined || text === '');
  setText(node, text ?? '');
}

export function setHidden(node: HTMLElement, hidden: boolean): void {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/** Replaces the children where the content they stand for has changed. */
export function setChildren<T>(parent: Element, items: readonly T[], create: (item: T) => Node): void {
  const drawn = JSON.stringify(items);
  if (drawnAs.get(parent) === drawn) return;
  drawnAs.set(parent, drawn);
  parent.replaceChildren(...items.map(create));
}
const drawnAs = new WeakMap<Element, string>();
