import * as v from 'valibot';

/**
 * The parts of the SARIF 2.1.0 JSON schema (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json)
 * that code scanning reads, written from it: required properties, value sets and patterns. The schema says
 * `additionalProperties: false` everywhere, so objects are strict: a property that is not named here is none we write.
 */
const uriReference = v.pipe(
  v.string(),
  v.check((text) => {
    try {
      return new URL(text, 'file:///root/').href !== '' && !/[\s\\<>"{}|^`]/.test(text);
    } catch {
      return false;
    }
  }),
);
const level = v.picklist(['none', 'note', 'warning', 'error']);
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const message = v.strictObject({ text: v.pipe(v.string(), v.minLength(1)) });

const reportingDescriptor = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1)),
  shortDescription: v.strictObject({ text: v.string() }),
  defaultConfiguration: v.strictObject({ level }),
  helpUri: v.pipe(v.string(), v.url()),
});

const result = v.strictObject({
  ruleId: v.string(),
  ruleIndex: v.pipe(v.number(), v.integer(), v.minValue(-1)),
  level,
  message,
  locations: v.array(
    v.strictObject({
      physicalLocation: v.strictObject({
        artifactLocation: v.strictObject({ uri: uriReference, uriBaseId: v.optional(v.string()) }),
        region: v.strictObject({
          startLine: positive,
          startColumn: v.optional(positive),
          endLine: v.optional(positive),
          endColumn: v.optional(positive),
        }),
      }),
    }),
  ),
});

export const sarifSchema = v.strictObject({
  $schema: v.pipe(v.string(), v.url()),
  version: v.literal('2.1.0'),
  runs: v.array(
    v.strictObject({
      tool: v.strictObject({
        driver: v.strictObject({
          name: v.string(),
          informationUri: v.pipe(v.string(), v.url()),
          rules: v.pipe(
            v.array(reportingDescriptor),
            v.check((rules) => new Set(rules.map(({ id }) => id)).size === rules.length),
          ),
        }),
      }),
      columnKind: v.picklist(['utf16CodeUnits', 'unicodeCodePoints']),
      results: v.array(result),
    }),
  ),
});
