import type { GuideInput } from '../../src/core/guide/guideInput.ts';

/** An input of a guide's frontmatter that says nothing but its name, unless told otherwise. */
export const input = (name: string, more: Partial<GuideInput> = {}): GuideInput => ({
  name,
  kind: undefined,
  description: undefined,
  default: undefined,
  options: [],
  pattern: undefined,
  min: undefined,
  max: undefined,
  line: 1,
  ...more,
});
