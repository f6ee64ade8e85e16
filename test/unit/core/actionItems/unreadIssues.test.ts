import assert from 'node:assert/strict';
import { readActionItems } from '../../../../src/core/actionItems/readActionItems.ts';
import { unreadProblems, unreadSentence } from '../../../../src/core/actionItems/unreadIssues.ts';
import type { Failure } from '../../../../src/core/errors.ts';

const text = `# Post-mortem: Payments fail

## Action items

- [ ] Alert on 5xx ([o/r#1](https://github.example/o/r/issues/1))
  - [ ] Write it down ([OPS-7](https://jira.example/browse/OPS-7))
- [ ] Ask the bank
`;
const items = readActionItems(text, { today: '2026-11-28', people: [] });
const issueOf = (name: string) => {
  const issue = items.find((item) => item.issue?.name === name)?.issue;
  assert.ok(issue, name);
  return issue;
};
const refused: Failure = {
  code: 'unauthorized',
  message: 'GitHub refused the token (401): Bad credentials. Reconnect with Incident: Connect, then retry.',
};
const at = '2026-11-28T14:03:20.000Z';
const said = (failure: Failure | undefined): string =>
  unreadProblems(items, [{ issue: issueOf('o/r#1'), failure }], at)
    .map(({ message }) => message)
    .join();

describe('an issue that could not be read', () => {
  it('is told at its item, with when, why and what to do, and at no other', () => {
    const lines = text.split('\n');
    const found = unreadProblems(
      items,
      [
        { issue: issueOf('o/r#1'), failure: refused },
        { issue: issueOf('OPS-7'), failure: undefined },
      ],
      at,
    );
    assert.deepEqual(
      found.map(({ line, severity, range }) => [
        lines[line - 1]?.slice(range.column - 1, range.endColumn - 1),
        severity,
      ]),
      [
        ['- [ ] Alert on 5xx ([o/r#1](https://github.example/o/r/issues/1))', 'warning'],
        ['- [ ] Write it down ([OPS-7](https://jira.example/browse/OPS-7))', 'info'],
      ],
    );
    assert.deepEqual(
      found.map(({ message }) => message),
      [
        'o/r#1 could not be read at 14:03 UTC, so this box does not follow it.\nGitHub refused the token (401): Bad credentials. Reconnect with Incident: Connect….\nIt is read again every minute while this file is in front.',
        'OPS-7 is at no system that is connected, so this box does not follow it. Connect it with Incident: Connect….',
      ],
    );
    assert.deepEqual(unreadProblems(items, [], at), []);
  });

  it('promises nothing that a read does not do', () => {
    const away = 'GitHub cannot be reached (ECONNREFUSED). It is sent as soon as it can be.';
    assert.doesNotMatch(said({ code: 'unreachable', message: away }), /sent/);
    assert.match(
      said({ code: 'unreachable', message: away }),
      /cannot be reached \(ECONNREFUSED\)\.\nIt is read again/,
    );
    assert.match(
      said({ code: 'not-found', message: 'GitHub does not know it (404).' }),
      /Check the link, and whether/,
    );
    assert.match(
      said({ code: 'forbidden', message: 'GitHub does not allow it (403).' }),
      /Give the token the permission/,
    );
  });

  it('is told whole to who asked for a sync', () => {
    const issue = issueOf('o/r#1');
    assert.equal(unreadSentence({ issue, failure: refused }), `o/r#1: ${refused.message}`);
    assert.equal(unreadSentence({ issue, failure: undefined }), 'o/r#1 is at no system that is connected.');
  });
});
