import * as v from 'valibot';

/**
 * What the runbook page keeps through hiding and reload (VS Code's `setState`); the host reads it when a panel is
 * revived: `sequence` and `guideFile` say what to open again.
 */
export interface PageMemory {
  readonly sequence: string;
  readonly guideFile: string;
  /** Pixels from the top. */
  readonly scroll: number;
  /** Half-typed notes of manual steps and reasons of skips, by step id. */
  readonly notes: Readonly<Record<string, string>>;
  readonly reasons: Readonly<Record<string, string>>;
  /** Half-typed values of the form, by name. */
  readonly values: Readonly<Record<string, string>>;
}

const drafts = v.record(v.string(), v.string());
const pageMemory = v.object({
  sequence: v.string(),
  guideFile: v.string(),
  scroll: v.pipe(v.number(), v.finite(), v.minValue(0)),
  notes: drafts,
  reasons: drafts,
  values: drafts,
});

/** The memory of a page as VS Code kept it; undefined when there is none or an older build wrote it. */
export function parsePageMemory(value: unknown): PageMemory | undefined {
  const parsed = v.safeParse(pageMemory, value);
  return parsed.success ? parsed.output : undefined;
}
