import type { FenceInfo } from './attributes.ts';

/** What a fence is there for. `other` is sample output, queries, configuration. */
export type FenceUse = 'steps' | 'acts' | 'template' | 'other';

/** The file as a flat list of what a guide is made of; lines are 1-based. */
export type Block = Heading | Paragraph | Item | Table | Fence | Comment;

export interface Heading {
  readonly kind: 'heading';
  readonly level: number;
  readonly text: string;
  readonly line: number;
  /** `<!-- incident: … -->` behind the heading's text. */
  readonly comment: string | undefined;
}

/** A command in inline code: `Check the pods with `kubectl get pods -n shop``. */
export interface InlineCommand {
  readonly command: string;
  /** Where it stands in its block's `text`; `to` is behind its last character. */
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly endLine: number;
}

/** What stands in running text: commands to run, and whether it warns of one ("never run `…`"). */
interface Inline {
  readonly commands: readonly InlineCommand[];
  readonly warns: boolean;
  /** How many lists are open around it; 0 outside. */
  readonly depth: number;
}

export interface Paragraph extends Inline {
  readonly kind: 'paragraph';
  readonly text: string;
  readonly line: number;
  /** Its source lines, kept only where pipes make it look like a table that failed. */
  readonly pipes: readonly string[] | undefined;
}

export interface Item extends Inline {
  readonly kind: 'item';
  readonly text: string;
  readonly line: number;
  readonly ordered: boolean;
  /** `- [ ]` or `- [x]`; the box is not in `text`. */
  readonly task: boolean;
  /** Number of its list in the file; nested lists have their own, `root` is the outermost one's. */
  readonly list: number;
  readonly root: number;
}

export interface Row {
  readonly cells: readonly string[];
  /** The commands in inline code of each cell; left out of a row that has none. */
  readonly commands?: readonly (readonly InlineCommand[])[];
  /** Cells as the source line has them: CommonMark tables pad short rows and cut long ones. */
  readonly written: number;
  readonly line: number;
}

export interface Table {
  readonly kind: 'table';
  readonly header: readonly string[];
  readonly rows: readonly Row[];
  readonly line: number;
}

export interface Fence extends FenceInfo {
  readonly kind: 'fence';
  /** How many lists are open around it; 0 outside. */
  readonly depth: number;
  readonly use: FenceUse;
  readonly lines: readonly string[];
  /** The line of the first content line. */
  readonly line: number;
  /** The line of the opening marker; the same as `line` for an indented code block. */
  readonly openLine: number;
  readonly closed: boolean;
  readonly fenced: boolean;
}

export interface Comment {
  readonly kind: 'comment';
  readonly text: string;
  readonly line: number;
}

export interface Link {
  readonly text: string;
  readonly href: string;
  readonly line: number;
}
