import {
  type Button,
  type Dropdown,
  type TextArea,
  type TextField,
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeLink,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTag,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

export type { Button, Dropdown, TextArea, TextField };

/** Defines the widgets the page uses. The toolkit is behind this one file, so that replacing it is one change. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeDropdown(),
    vsCodeLink(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTag({ template: tagTemplate }),
    vsCodeTextArea(),
    vsCodeTextField(),
  );
}

/**
 * The toolkit's own template of a tag carries a style attribute, which our content security policy refuses with an
 * error in the console; this one draws the same parts without it.
 */
const tagTemplate = {
  render(_source: unknown, host: Node) {
    const control = document.createElement('div');
    control.className = 'control';
    control.setAttribute('part', 'control');
    control.append(document.createElement('slot'));
    host.appendChild(control);
    return { bind() {}, unbind() {}, dispose: () => control.remove() };
  },
} as unknown as NonNullable<NonNullable<Parameters<typeof vsCodeTag>[0]>['template']>;

/** A button with its words in view; `name` is what a screen reader says where the words alone are not enough. */
export function createButton(label: string, appearance: 'primary' | 'secondary', name = label): Button {
  const button = document.createElement('vscode-button') as Button;
  button.setAttribute('appearance', appearance);
  button.textContent = label;
  if (name !== label) button.setAttribute('aria-label', name);
  return button;
}

/**
 * Says whether a button that switches something is on. The toolkit hands only the property on to the control inside, which
 * a screen reader hears; an attribute stays on its element, which has no role.
 */
export function setPressed(button: Button, pressed: boolean): void {
  button.ariaPressed = pressed ? 'true' : 'false';
}

/** Says that a button waits for its answer and takes no press meanwhile; a property for the same reason. */
export function setBusy(button: Button, busy: boolean): void {
  button.ariaBusy = button.ariaDisabled = busy ? 'true' : null;
}

/** A field under its label, which the toolkit makes its name for screen readers too. */
export function createTextField(label: string, placeholder: string): TextField {
  const field = document.createElement('vscode-text-field') as TextField;
  field.textContent = label;
  if (placeholder !== '') field.setAttribute('placeholder', placeholder);
  field.setAttribute('spellcheck', 'false');
  return field;
}

/** A list to pick one from; `none` stands first, for nothing yet. The toolkit gives it no label, so it gets its name here. */
export function createDropdown(name: string, none: string, options: readonly string[]): Dropdown {
  const dropdown = document.createElement('vscode-dropdown') as Dropdown;
  dropdown.setAttribute('aria-label', name);
  for (const [label, value] of [[none, ''] as const, ...options.map((each) => [each, each] as const)]) {
    const option = document.createElement('vscode-option');
    option.setAttribute('value', value);
    option.textContent = label;
    dropdown.append(option);
  }
  return dropdown;
}

export function createTextArea(label: string, rows: number): TextArea {
  const area = document.createElement('vscode-text-area') as TextArea;
  area.textContent = label;
  area.setAttribute('rows', String(rows));
  area.setAttribute('resize', 'vertical');
  return area;
}

export const createTag = (): HTMLElement => document.createElement('vscode-tag');

export function createProgressRing(): HTMLElement {
  const ring = document.createElement('vscode-progress-ring');
  ring.setAttribute('aria-hidden', 'true'); // the words beside it say the same
  return ring;
}

/** A link that does something in the editor instead of going somewhere. */
export function createLink(label: string): HTMLElement {
  const link = document.createElement('vscode-link');
  link.setAttribute('href', '#');
  link.textContent = label;
  return link;
}
