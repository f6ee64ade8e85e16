import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';

/** Of a log what the tests look at; everything else is the schema's business. */
export interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
          readonly region: Readonly<Record<string, number>>;
        };
      }[];
    }[];
  }[];
}

const require = createRequire(import.meta.url);
const read = (name: string): object => JSON.parse(readFileSync(require.resolve(name), 'utf8')) as object;

/**
 * The JSON schema of SARIF 2.1.0 as Microsoft's SARIF SDK ships it, under a validator that has nothing to do with us. The
 * schema is of draft 4, and its formats are checked in full.
 */
const validator = new Ajv({ schemaId: 'id', meta: false, allErrors: true, format: 'full' });
validator.addMetaSchema(read('ajv/lib/refs/json-schema-draft-04.json'));
const validate = validator.compile(read('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));

/** The log, once the schema has nothing against it; else the test fails with what it has. */
export function parseSarif(text: string): SarifLog {
  const log: unknown = JSON.parse(text);
  assert.ok(validate(log), validator.errorsText(validate.errors));
  return log as SarifLog;
}
