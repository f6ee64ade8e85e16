import assert from 'node:assert/strict';
import { expirationOf } from '../../../../src/integrations/github/checkGitHub.ts';
import { explainGitHub } from '../../../../src/integrations/github/githubApi.ts';
import { issueOf, repositoryOf } from '../../../../src/integrations/github/githubPlace.ts';
import { markOf } from '../../../../src/integrations/github/issueText.ts';

describe('a place on GitHub', () => {
  it('is a repository, and nothing that leads elsewhere', () => {
    for (const repository of ['techcorp/payments', 'Tech-Corp/pay.ments_2', 'a/b', 'techcorp/.github'])
      assert.deepEqual(repositoryOf({ repository }), { ok: true, value: repository });
    for (const repository of ['', 'payments', 'a/b/c', '../user', 'techcorp/..', './x', 'a/b?x', 'a b/c']) {
      const read = repositoryOf({ repository });
      assert.ok(!read.ok, repository);
      assert.match(read.failure.message, /owner\/name/);
    }
  });

  it('gives the issue of a receipt, in the repository where it was made', () => {
    const here = 'techcorp/payments';
    const there = { repository: 'techcorp/incidents', number: 12 };
    assert.deepEqual(issueOf({ id: '12', name: 'techcorp/incidents#12' }, here), there);
    assert.deepEqual(
      issueOf({ id: 'x', url: 'https://github.com/techcorp/incidents/issues/12' }, here),
      there,
    );
    assert.deepEqual(issueOf({ id: '#7' }, here), { repository: here, number: 7 });
    assert.deepEqual(issueOf({ id: '7', name: 'the ticket' }, here), { repository: here, number: 7 });
    assert.equal(issueOf({ id: 'by phone' }, here), undefined);
    assert.equal(issueOf({ id: '1', name: '../user#12' }, here), undefined);
  });

  it('tells until when a token is good', () => {
    const at = (said: string) =>
      expirationOf(new Headers({ 'github-authentication-token-expiration': said }));
    assert.equal(at('2026-12-24 08:30:00 UTC'), '2026-12-24T08:30:00.000Z');
    assert.equal(at('2026-12-24 08:30:00 +0200'), '2026-12-24T06:30:00.000Z');
    assert.equal(at('soon'), undefined);
    assert.equal(expirationOf(new Headers()), undefined);
  });

  it('refuses in its own words', () => {
    assert.equal(explainGitHub({ message: 'Not Found' }), 'Not Found');
    assert.equal(
      explainGitHub({
        message: 'Validation Failed',
        errors: [{ field: 'title', code: 'missing_field' }, { message: 'body is too long' }, 'spam', null],
      }),
      'Validation Failed: title missing_field, body is too long, spam',
    );
    for (const body of [undefined, 'text', {}, { message: 7 }]) assert.equal(explainGitHub(body), undefined);
  });

  it('marks a text by a comment that its key cannot end', () => {
    assert.equal(markOf('01J/github/comment/A'), '<!-- incident-response: 01J/github/comment/A -->');
    assert.equal(markOf('a--> <b>').match(/-->/g)?.length, 1);
  });
});
