import * as v from 'valibot';
import type { PlotLine, RunPlot, RunPlots } from '../core/metrics/runPlots.ts';

export type { PlotLine, RunPlot, RunPlots };

const missing = () => undefined;
const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.number(), v.finite());

const plot = v.object({
  title: text,
  query: text,
  unit: v.picklist(['ratio', 'seconds', 'bytes', 'per-second', 'count']),
  from: time,
  to: time,
  stepMs: v.pipe(v.number(), v.minValue(1)),
  lines: v.array(v.object({ name: text, points: v.array(v.tuple([time, time])) })),
  left: count,
  rows: v.array(v.object({ name: text, last: text, min: text, max: text })),
  rowsLeft: count,
  limit: v.optional(v.object({ is: v.picklist(['over', 'under']), value: v.number() }), missing),
  failure: v.optional(text, missing),
  notes: v.array(text),
  summary: text,
});

/** What is drawn of a run as it arrives; written out so that the compiler holds it against the model. */
const runPlots: v.GenericSchema<unknown, RunPlots> = v.pipe(
  v.unknown(),
  v.object({ onset: v.optional(time, missing), plots: v.array(plot) }),
);

/** The answer to `readPlots`; undefined when it is anything else. Never throws. */
export function parseRunPlots(value: unknown): RunPlots | undefined {
  const parsed = v.safeParse(runPlots, value);
  return parsed.success ? parsed.output : undefined;
}
