import assert from 'node:assert/strict';
import fc from 'fast-check';
import { postMortemFileName } from '../../../../src/core/postmortem/fileName.ts';

const named = (title: string, number = '2026-11-23-0001') =>
  postMortemFileName({ id: '01JD', number, title });

describe('the name of a post-mortem file', () => {
  it('is the number and the title', () =>
    assert.equal(named('Payments failing!'), '2026-11-23-0001-payments-failing.md'));
  it('keeps letters of other scripts', () => {
    assert.equal(named('Überlast: 決済サービス'), '2026-11-23-0001-überlast-決済サービス.md');
    assert.equal(named('नमस्ते'), '2026-11-23-0001-नमस्ते.md');
  });
  it('falls back to what there is', () => {
    assert.equal(named('!!!'), '2026-11-23-0001.md');
    assert.equal(named('', '../'), '01jd.md');
    assert.equal(postMortemFileName({ id: '', number: '', title: '' }), 'incident.md');
  });
  it('is never a path, too long, or hidden', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string(), (title, number) => {
        const name = named(title, number);
        assert.match(name, /^[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*\.md$/u);
        assert.ok(new TextEncoder().encode(name).length <= 255, name);
      }),
    );
  });
});
