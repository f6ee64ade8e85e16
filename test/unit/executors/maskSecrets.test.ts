import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMasker, maskIo, maskOutcome, maskText } from '../../../src/executors/maskSecrets.ts';
import { collectOutput } from './collectOutput.ts';

/** Few letters, so that values overlap, repeat and begin inside one another all the time. */
const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '%', '"'), minLength: 1, maxLength: 6 });

describe('masking secrets', () => {
  it('hides every value wherever the text is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(letters, fc.constantFrom('x', '')), { maxLength: 12 }),
        (values, pieces) => {
          const masker = createMasker(values);
          const shown = pieces.map((piece) => masker.write(piece)).join('') + masker.end();
          for (const value of values) assert.ok(!shown.includes(value), `${JSON.stringify(shown)} shows it`);
          assert.equal(shown, maskText(pieces.join(''), values));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('leaves everything else as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (pieces) => {
        const masker = createMasker(['plainly-a-test-word']);
        const shown = pieces.map((piece) => masker.write(piece)).join('') + masker.end();
        assert.equal(shown, pieces.join(''));
      }),
    );
    assert.equal(maskText('a test word, open sesame', ['open sesame']), 'a test word, ***');
  });

  it('gives out at once what cannot be the beginning of a value', () => {
    const masker = createMasker(['sesame']);
    assert.equal(masker.write('open ses'), 'open ');
    assert.equal(masker.write('ame!'), '***!');
    assert.equal(masker.write('ses'), '');
    assert.equal(masker.end(), 'ses');
  });

  it('hides a value inside a URL, inside JSON, and the lines of a longer one', () => {
    const value = 'first line/with "quotes"\nsecond line of it';
    for (const shape of [encodeURIComponent(value), JSON.stringify(value), 'second line of it'])
      assert.doesNotMatch(maskText(`<${shape}>`, [value]), /second/);
  });

  it('hides a value inside base64, wherever it stands in what was encoded', () => {
    const value = 'plainly a test word';
    for (const before of ['', 'u', 'us', 'ana:', 'user:'])
      for (const after of ['', '!', '\n', ' and more'])
        for (const encoding of ['base64', 'base64url'] as const) {
          const shown = maskText(`<${Buffer.from(before + value + after).toString(encoding)}>`, [value]);
          const left = Buffer.from(shown.replaceAll('***', '').replace(/[<>]/g, ''), 'base64').toString();
          assert.doesNotMatch(left, /plain|ainly|test/, `${before}|${after}: ${shown}`);
          assert.match(shown, /\*{3}/);
        }
  });

  it('hides values in both streams and in the sentences of an outcome', async () => {
    const output = collectOutput();
    const io = maskIo(output, ['sesame']);
    await io.write('ses', 'stdout');
    await io.write('same: sesame, ses', 'stderr');
    await io.write('ame', 'stdout');
    await io.end();
    assert.deepEqual([output.stdout, output.stderr], ['***', 'same: ***, ses']);
    const outcome = { kind: 'failed', status: 401, message: 'no sesame', remedy: 'say sesame' } as const;
    assert.deepEqual(maskOutcome(outcome, ['sesame', 'failed']), {
      ...outcome,
      message: 'no ***',
      remedy: 'say ***',
    });
  });
});
