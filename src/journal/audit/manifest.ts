import * as v from 'valibot';

export const manifestName = 'manifest.json';
export const sumName = 'manifest.sha256';

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** Relative, with `/`, and never out of the bundle. */
const path = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check(
    (text) =>
      !/^[/\\]|^[A-Za-z]:|\\|\u0000/.test(text) &&
      !text.split('/').some((part) => part === '..' || part === ''),
    'leads out of the bundle',
  ),
);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What an audit bundle says of itself. */
export const manifestSchema = v.object({
  format: v.literal('incident-response audit bundle'),
  version: v.literal(1),
  incident: v.object({ id: v.string(), number: v.string(), title: v.string() }),
  /** UTC ISO 8601. */
  exportedAt: v.pipe(v.string(), v.isoTimestamp()),
  exportedBy: v.string(),
  /** Every file of the bundle but this one and its sum, by path. */
  files: v.array(v.object({ path, bytes: count, sha256: hash })),
  /** What was wrong with the journal already when it was exported. */
  known: v.array(v.object({ file: v.string(), line: count, code: v.string() })),
  /** Of each writer: how many lines, and the hash of the last. */
  heads: v.record(v.string(), v.object({ lines: count, sha256: hash })),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type BundledFile = Manifest['files'][number];

/** Whether a problem is what a crash leaves behind by itself. Any other stays a finding, however old it is. */
export const isExcused = ({ code }: { readonly code: string }): boolean => code === 'torn-tail';

/** `sha256sum -c manifest.sha256` understands it. */
export const sumLine = (sha256: string): string => `${sha256}  ${manifestName}\n`;
