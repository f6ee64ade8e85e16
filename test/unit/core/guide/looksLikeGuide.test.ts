import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { looksLikeGuide } from '../../../../src/core/guide/looksLikeGuide.ts';

const root = path.join(import.meta.dirname, '../../../..');

describe('finding guides by content', () => {
  for (const file of [
    'media/default-guide.md',
    'media/sample/runbooks/PaymentServiceCrashLooping.md',
    'test/golden/guides/leitfaden.md',
    'test/golden/guides/leitfaden-marked.md',
  ])
    it(`finds ${file}`, () => {
      const source = readFileSync(path.join(root, file), 'utf8');
      assert.equal(looksLikeGuide(source), true);
      assert.equal(looksLikeGuide(source.replaceAll('\n', '\r\n')), true);
    });

  for (const [what, ...lines] of [
    ['a table of severities with times', '| S | T |', '|--|--|', '| P0 | 5 min |', '| P1 | 1 h |'],
    ['phases', '## Phase 1: A', 'x', '## Phase 2: B'],
    ['phases by name', '## Triage', '## Diagnosis', '## Resolution'],
    ['an alert runbook', '## Meaning', '## Diagnosis'],
    ['runbooks with commands', '## Playbooks', '### One', '```sh', 'date', '```'],
    ['a marker', '<!-- incident: severities -->'],
  ] as const)
    it(`finds ${what}`, () => assert.equal(looksLikeGuide(lines.join('\n')), true));

  for (const [what, ...lines] of [
    ['an empty file'],
    ['a README', '# Tool', '## Install', '```sh', 'npm install', '```', '## 1. Use', '## 2. Test'],
    ['a table of anything', '| Name | Age |', '|--|--|', '| Ana | 5 years |', '| Bo | 7 years |'],
    ['runbooks that are only spoken of', '## Runbooks', 'We should write some.'],
    ['phases inside a code fence', '```md', '## Phase 1: A', '## Phase 2: B', '```'],
  ] as const)
    it(`leaves ${what} alone`, () => assert.equal(looksLikeGuide(lines.join('\n')), false));
});
