import * as vscode from 'vscode';
import { openWeb } from './openWeb.ts';

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Codicon id. */
  readonly icon?: string;
  readonly value: T;
}

export interface PickOptions<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly step?: number;
  readonly totalSteps?: number;
  /** Index of the choice that Enter takes at once. */
  readonly preselect?: number;
  /** More choices that arrive later; the picker says it is busy until then. */
  readonly later?: (signal: AbortSignal) => Promise<readonly Choice<T>[]>;
  /** Why the later choices did not come, once they should have: shown in place of the placeholder. */
  readonly laterNote?: () => string | undefined;
  /** For a list of what changes while it is open. */
  readonly live?: LiveChoices<T>;
  /** Makes a value of free text; absent when only the listed choices count. */
  readonly typed?: (text: string) => Choice<T> | undefined;
}

/** The choices of now, asked for again whenever `onDidChange` tells; the row at hand stays the one of the same `id`. */
export interface LiveChoices<T> {
  readonly onDidChange: vscode.Event<unknown>;
  readonly title: () => string;
  readonly choices: () => readonly Choice<T>[];
  /** What a row is about, whatever it says by now. */
  readonly id: (value: T) => string;
}

export interface TextOptions {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** What is typed is not shown. */
  readonly isPassword?: boolean;
  /** A button that opens a page: where a token is made, say. */
  readonly link?: { readonly title: string; readonly url: string };
  /** Why the last answer was not taken; gone at the first key. */
  readonly refused?: string;
  readonly step?: number;
  readonly totalSteps?: number;
  /** A sentence when the text cannot be taken. */
  readonly validate?: (text: string) => string | undefined;
  /** Closes the prompt, as Esc does, and hands over what stands in it. */
  readonly button?: {
    /** Codicon id. */
    readonly icon: string;
    readonly tooltip: string;
    readonly press: (text: string) => void;
  };
}

/** A choice of a list. Undefined is Esc: an answer, not an error. */
export function pick<T>(choices: readonly Choice<T>[], options: PickOptions<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    type Item = vscode.QuickPickItem & { readonly choice: Choice<T> };
    const input = vscode.window.createQuickPick<Item>();
    const abort = new AbortController();
    const toItem = (choice: Choice<T>): Item => ({
      label: choice.label,
      ...(choice.description === undefined ? {} : { description: choice.description }),
      ...(choice.detail === undefined ? {} : { detail: choice.detail }),
      ...(choice.icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(choice.icon) }),
      choice,
    });
    let known = choices.map(toItem);
    const draw = (): void => {
      const typed = options.typed?.(input.value.trim());
      const isListed = known.some((item) => item.label === input.value.trim());
      input.items =
        typed && input.value.trim() && !isListed ? [...known, { ...toItem(typed), alwaysShow: true }] : known;
    };
    input.title = options.title;
    input.placeholder = options.placeholder;
    input.matchOnDescription = true;
    input.matchOnDetail = true;
    input.ignoreFocusOut = true;
    input.step = options.step;
    input.totalSteps = options.totalSteps;
    draw();
    const preselected = known[options.preselect ?? 0];
    if (preselected) input.activeItems = [preselected];
    if (options.typed) input.onDidChangeValue(draw);
    if (options.later) {
      input.busy = true;
      void options
        .later(abort.signal)
        .then((more) => {
          const had = input.activeItems[0];
          known = [
            ...known,
            ...more.filter((choice) => !known.some((item) => item.label === choice.label)).map(toItem),
          ];
          draw();
          if (had) input.activeItems = [had];
        })
        .finally(() => {
          input.busy = false;
          input.placeholder = options.laterNote?.() ?? options.placeholder;
        });
    }
    input.onDidAccept(() => {
      const chosen = input.selectedItems[0] ?? input.activeItems[0];
      if (!chosen) return;
      resolve(chosen.choice.value);
      input.hide();
    });
    const { live } = options;
    const following = live?.onDidChange(() => {
      const at = input.activeItems[0];
      known = live.choices().map(toItem);
      input.keepScrollPosition = true;
      draw();
      input.title = live.title();
      const same = at && known.find(({ choice }) => live.id(choice.value) === live.id(at.choice.value));
      if (same) input.activeItems = [same];
    });
    input.onDidHide(() => {
      following?.dispose();
      abort.abort();
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

/** A line of text. Undefined is Esc; an accepted empty line is the empty text. */
export function askText(options: TextOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = vscode.window.createInputBox();
    input.title = options.title;
    input.prompt = options.prompt;
    input.placeholder = options.placeholder;
    input.value = options.value ?? '';
    input.password = options.isPassword === true;
    input.step = options.step;
    input.totalSteps = options.totalSteps;
    input.ignoreFocusOut = true;
    input.validationMessage = options.refused;
    const { link, button } = options;
    const opens = link && { iconPath: new vscode.ThemeIcon('link-external'), tooltip: link.title };
    const presses = button && { iconPath: new vscode.ThemeIcon(button.icon), tooltip: button.tooltip };
    input.buttons = [opens, presses].filter((one) => one !== undefined);
    input.onDidTriggerButton((pressed) => {
      if (pressed === opens) void openWeb(link?.url ?? '');
      if (pressed !== presses) return;
      const text = input.value;
      input.hide();
      button?.press(text);
    });
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidAccept(() => {
      const wrong = options.validate?.(input.value.trim());
      if (wrong) {
        input.validationMessage = wrong;
        return;
      }
      resolve(input.value.trim());
      input.hide();
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

/**
 * Asks for a UTC time as `YYYY-MM-DD HH:MM`; gives UTC ISO 8601. The proposed time left as it stands is given back to
 * the millisecond: cut to its minute it could come to lie before the declare.
 */
export async function askTime(title: string, prompt: string, proposed: string): Promise<string | undefined> {
  const shown = proposed.slice(0, 16).replace('T', ' ');
  const text = await askText({
    title,
    prompt: `${prompt} UTC, as YYYY-MM-DD HH:MM.`,
    value: shown,
    validate: (given) => (parseTime(given) ? undefined : 'Write the time as YYYY-MM-DD HH:MM, in UTC.'),
  });
  if (text === undefined) return undefined;
  return text === shown ? proposed : parseTime(text);
}

function parseTime(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::(\d{2}))?Z?$/.exec(text);
  if (!match) return undefined;
  const time = new Date(`${match[1] ?? ''}T${match[2] ?? ''}:${match[3] ?? '00'}.000Z`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
