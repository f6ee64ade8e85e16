import type { Step } from '../guide/guide.ts';

const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:[/\\])/;

/**
 * The folder a step runs in, relative to its guide's folder unless absolute; undefined for that folder itself. As in
 * Runme the step's own `cwd` is joined to the frontmatter's (https://docs.runme.dev/configuration/cell-level).
 */
export function folderOfStep({ attributes, document }: Step): string | undefined {
  const own = attributes['cwd']?.trim() || undefined;
  const whole = document?.cwd;
  if (own === undefined || whole === undefined || ABSOLUTE.test(own)) return own ?? whole;
  return `${whole.replace(/[/\\]+$/, '')}/${own}`;
}
