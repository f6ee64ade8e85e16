import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { hashLine, readDocument, withBase } from '../../../../src/core/postmortem/generatedBase.ts';
import { refreshPostMortem, type Refreshed } from '../../../../src/core/postmortem/refreshPostMortem.ts';
import { renderPostMortem } from '../../../../src/core/postmortem/renderPostMortem.ts';
import {
  acknowledged,
  after,
  aGuide,
  answered,
  declared,
  entered,
  fact,
  incidentOf,
  noted,
  resolved,
  runEnded,
  runStarted,
  updated,
} from '../../../support/builders.ts';

const incident = '01JDPM000000000000000000A0';
const generate = (facts: readonly Fact[]) =>
  renderPostMortem({
    incident: incidentOf(declared(), ...facts),
    guide: aGuide(),
    generatedAt: after(60),
    linkToOutput: ({ file }) => file,
    linkToEvidence: ({ file }) => file,
  });
const refresh = (document: string, generated: string, part?: 'all' | 'timeline'): Refreshed => {
  const result = refreshPostMortem(document, generated, part);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
};
const bodyOf = (document: string) => readDocument(document).lines;

const early = [acknowledged(), noted('First'), entered('d', 'Diagnosis'), runStarted(), runEnded()];
const late = [
  ...early,
  noted('Second'),
  answered('q-when', 'When did it start?', '10:20'),
  resolved({ cause: 'A bug' }),
];
const draft = withBase(generate(early), incident);

describe('refreshing a post-mortem', () => {
  it('without edits gives what the journal gives now', () => {
    const { text, kept, renewed } = refresh(draft, generate(late));
    assert.equal(text, withBase(generate(late), incident));
    assert.deepEqual(kept, []);
    assert.ok(renewed > 0);
  });

  it('keeps a line that was edited, takes what is new beside it, and says nothing of it', () => {
    const edited = draft.replace('Note: First (Ana)', 'Ana saw the first error');
    const { text, kept } = refresh(edited, generate(late));
    assert.ok(text.includes('Ana saw the first error'));
    assert.ok(!text.split('<details>')[0]!.includes('Note: First'));
    assert.ok(text.includes('Note: Second (Ana)'));
    assert.ok(text.includes('\nA bug\n'));
    assert.deepEqual(kept, []);
  });

  it('keeps and reports a line that both changed', () => {
    const edited = draft.replace(/\nunknown\n\nKey questions/, '\nThe disk was full.\n\nKey questions');
    const { text, kept } = refresh(edited, generate(late));
    assert.ok(text.includes('\nThe disk was full.\n'));
    assert.deepEqual(
      kept.map(({ generated }) => generated),
      [['A bug']],
    );
    assert.equal(text.split('\n')[kept[0]!.line - 1], 'The disk was full.');
    assert.ok(text.includes('When did it start? 10:20'));
  });

  it('keeps what was added at the place where the journal adds, before it', () => {
    const lines = draft.split('\n');
    const at = lines.findIndex((line) => line.includes('Check pods'));
    const added = [...lines.slice(0, at + 1), '- [10:36] Ben joined', ...lines.slice(at + 1)].join('\n');
    const { text, kept } = refresh(added, generate(late));
    const rows = text.split('\n');
    const ben = rows.findIndex((row) => row.includes('Ben joined'));
    assert.match(rows[ben + 1]!, /Note: Second/);
    assert.deepEqual(kept, []);
  });

  it('does not bring back a row that was deleted', () => {
    const without = draft
      .split('\n')
      .filter((line) => !line.includes('] Acknowledged'))
      .join('\n');
    assert.ok(!refresh(without, generate(late)).text.includes('] Acknowledged'));
  });

  it('of the timeline alone leaves the rest, which a later refresh still brings up', () => {
    const { text } = refresh(draft, generate(late), 'timeline');
    assert.ok(text.includes('Note: Second'));
    assert.ok(!text.includes('A bug\n\nKey'));
    assert.equal(refresh(text, generate(late)).text, withBase(generate(late), incident));
  });

  it('keeps text below the comment, line ends of Windows, and its own end', () => {
    const { text } = refresh(`${draft}\nPS: thanks.\n`.replaceAll('\n', '\r\n'), generate(late));
    assert.ok(text.includes('PS: thanks.\r\n'));
    assert.ok(!/[^\r]\n/.test(text));
    assert.match(text, /-->\r\n$/);
  });

  it('touches nothing that does not say what was generated', () => {
    for (const text of [
      '# By hand\n',
      draft.replace(/(<!-- incident post-mortem.*\n)/, '$1<<<<<<< HEAD\n'),
    ]) {
      const result = refreshPostMortem(text, generate(late));
      assert.equal(!result.ok && result.failure.code, 'invalid');
    }
    const none = refreshPostMortem(draft.replace('## Timeline', '## Xyz'), generate(late), 'timeline');
    assert.equal(!none.ok && none.failure.code, 'not-found');
  });

  const anyFact: fc.Arbitrary<Fact> = fc.oneof(
    fc.nat(99).map((n) => noted(`Note ${n}`)),
    fc.nat(9).map((n) => updated(n, `Text ${n}`)),
    fc
      .nat(9)
      .chain((n) =>
        fc.constantFrom(
          runStarted({ run: `r${n}`, risk: n % 2 ? 'change' : 'read' }),
          runEnded({ run: `r${n}` }),
        ),
      ),
    fc.constantFrom(
      acknowledged(),
      entered('m', 'Mitigation'),
      fact('OnsetSet', { at: after(-9) }),
      resolved({ cause: 'c', resolution: 'r' }),
    ),
  );
  const edits = fc.array(
    fc.record({ at: fc.nat(), what: fc.constantFrom('replace', 'insert', 'delete', 'append') }),
    { maxLength: 12 },
  );
  type Edit = { readonly at: number; readonly what: string };

  /** Edits by position; each text that is written is its own. */
  function edit(document: string, wanted: readonly Edit[]) {
    const lines = [...bodyOf(document)];
    const comment = document.slice(document.indexOf('<!-- incident post-mortem'));
    const written: string[] = [];
    for (const [index, { at, what }] of wanted.entries()) {
      const line = at % lines.length;
      const text = `Written by a person ${index}`;
      const isOurs = lines[line]!.startsWith('Written by');
      if (what === 'delete' && !isOurs) lines.splice(line, 1);
      if (what === 'replace' && !isOurs) lines[line] = text;
      if (what === 'insert') lines.splice(line, 0, text);
      if (what === 'append' && !isOurs) lines[line] += ` ${text}`;
      if (what === 'insert' || ((what === 'replace' || what === 'append') && !isOurs)) written.push(text);
      if (lines.length === 0) lines.push('');
    }
    return { text: [...lines, '', comment].join('\n'), written, lines };
  }

  it('loses no line that anybody wrote, whatever was edited and whatever came', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 12 }),
        fc.array(anyFact, { maxLength: 12 }),
        edits,
        (before, more, wanted) => {
          const first = withBase(generate(before), incident);
          const mine = edit(first, wanted);
          const generated = generate([...before, ...more]);
          for (const part of ['all', 'timeline'] as const) {
            const result = refreshPostMortem(mine.text, generated, part);
            if (!result.ok) return;
            const body = bodyOf(result.value.text);
            const then = new Set(bodyOf(first).map(hashLine));
            for (const line of mine.lines)
              if (!then.has(hashLine(line))) assert.ok(body.includes(line), `lost: ${line}`);
            for (const text of mine.written)
              assert.ok(body.filter((line) => line.endsWith(text)).length <= 1, `doubled: ${text}`);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('renews everything that nobody edited, or says what it did not take', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 12 }),
        fc.array(anyFact, { maxLength: 12 }),
        edits,
        (before, more, wanted) => {
          const mine = edit(withBase(generate(before), incident), wanted);
          const generated = generate([...before, ...more]);
          const { text, kept } = refresh(mine.text, generated);
          const body = new Set(bodyOf(text).map(hashLine));
          const then = new Set(generate(before).split('\n').map(hashLine));
          const left = new Set(kept.flatMap((one) => one.generated.map(hashLine)));
          for (const line of generated.split('\n')) {
            const hash = hashLine(line);
            if (!then.has(hash)) assert.ok(body.has(hash) || left.has(hash), `not renewed: ${line}`);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('done twice changes nothing more', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 8 }),
        fc.array(anyFact, { maxLength: 8 }),
        edits,
        (before, more, wanted) => {
          const mine = edit(withBase(generate(before), incident), wanted);
          const generated = generate([...before, ...more]);
          const once = refresh(mine.text, generated).text;
          const twice = refresh(once, generated);
          assert.equal(twice.text, once);
          assert.equal(twice.renewed, 0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
