import { dump, FAILSAFE_SCHEMA, load, YAMLException } from 'js-yaml';
import * as v from 'valibot';
import { failed, messageOf, ok, type Result } from '../errors.ts';

/** Every value is text: what YAML would read as a number or as `no` stays what was written. */
const text = v.string();
const texts = v.record(text, text);

const stepSchema = v.object({
  step: text,
  condition: v.exactOptional(text),
  /** As the guide writes it; absent for a step by hand. */
  command: v.exactOptional(text),
  kind: text,
  risk: text,
  /** What would run, values filled in. */
  runs: v.exactOptional(text),
  target: v.exactOptional(texts),
  /** Names of values that nobody gave: the step would not run. */
  missing: v.exactOptional(v.array(text)),
  verdict: v.exactOptional(text),
  because: v.exactOptional(text),
  outcome: v.exactOptional(v.picklist(['succeeded', 'no-match', 'failed', 'stopped', 'timed-out'])),
  exit: v.exactOptional(v.pipe(text, v.regex(/^-?\d{1,10}$/))),
  /** The HTTP status that a request was answered with. */
  status: v.exactOptional(v.pipe(text, v.regex(/^\d{3}$/))),
  detail: v.exactOptional(text),
  output: v.exactOptional(text),
  /** What was looked up beside the output: how many ready endpoints each service had, or why that is not known. */
  endpoints: v.exactOptional(texts),
  /** Assertion → passed, failed or not-checked. */
  asserts: v.exactOptional(texts),
});

const recordingSchema = v.object({
  version: v.literal('1'),
  /** The guide's file, relative to the recording's folder, with `/`. */
  guide: v.pipe(text, v.minLength(1)),
  /** The runbook's title. */
  runbook: text,
  recorded: text,
  target: v.optional(texts, {}),
  /** Without those that the recorded outputs give (`ir.capture`). */
  values: v.optional(texts, {}),
  steps: v.array(stepSchema),
});

/** One recorded run of a runbook with what it showed, and what is expected of the guide for it. */
export type Recording = v.InferOutput<typeof recordingSchema>;
export type RecordedStep = Recording['steps'][number];

/** How files of recordings end. */
export const recordingEnding = '.replay.yaml';

const head = `# A recorded run of a runbook, with its output as it may be shared. Read it before you commit it.
# \`incident-guide test\` plays it against the guide and runs nothing; \`--update\` rewrites what is expected.
`;

/** A recording as a file: YAML with the output in blocks, so that a change reads well in a review. */
export const renderRecording = (recording: Recording): string =>
  head +
  dump(recording, {
    schema: FAILSAFE_SCHEMA,
    noRefs: true,
    lineWidth: -1,
  });

/** Reads a recording's file. Fails with `invalid` and a sentence; never throws. */
export function parseRecording(source: string): Result<Recording> {
  let loaded: unknown;
  try {
    loaded = load(source, { schema: FAILSAFE_SCHEMA });
  } catch (thrown) {
    const at = thrown instanceof YAMLException && thrown.mark ? ` in line ${thrown.mark.line + 1}` : '';
    const why = thrown instanceof YAMLException ? thrown.reason : messageOf(thrown);
    return failed('invalid', `This recording is no valid YAML${at}: ${why}.`);
  }
  const parsed = v.safeParse(recordingSchema, loaded);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue) ?? 'it';
  return failed('invalid', `This is no recording that can be played: ${where} is wrong (${issue.message}).`);
}
