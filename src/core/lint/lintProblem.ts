import type { Problem } from '../guide/guide.ts';
import type { TextEdit, TextRange } from './textEdit.ts';

/** A problem of a guide with the exact place, and what mends it mechanically, best first. */
export interface LintProblem extends Problem {
  readonly range: TextRange;
  readonly fixes: readonly Fix[];
}

export type Fix =
  | {
      readonly kind: 'edit';
      /** Imperative, with the value it writes: `Add -n production`. */
      readonly title: string;
      readonly edits: readonly TextEdit[];
    }
  /** A file that the guide links to and that is not there. */
  | {
      readonly kind: 'create-file';
      readonly title: string;
      /** As the link resolves against the guide's own path. */
      readonly path: string;
      readonly text: string;
    };
