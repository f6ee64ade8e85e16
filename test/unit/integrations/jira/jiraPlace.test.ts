import assert from 'node:assert/strict';
import { explainJira } from '../../../../src/integrations/jira/jiraApi.ts';
import { issueKeyOf, readJiraPlace } from '../../../../src/integrations/jira/jiraPlace.ts';

const place = {
  baseUrl: 'https://techcorp.atlassian.net',
  project: 'ops',
  issueType: 'Incident',
  email: 'bot@techcorp.example',
};

describe('a place in Jira', () => {
  it('has a project’s key, an issue type and an e-mail', () => {
    assert.deepEqual(readJiraPlace(place), { ok: true, value: { ...place, project: 'OPS' } });
    for (const [wrong, says] of [
      [{ baseUrl: 'techcorp' }, /baseUrl/],
      [{ project: '' }, /incident\.jira\.project/],
      [{ project: 'OPS" OR x' }, /no key of a Jira project/],
      [{ issueType: '' }, /incident\.jira\.issueType/],
      [{ email: '' }, /incident\.jira\.email/],
    ] as const) {
      const read = readJiraPlace({ ...place, ...wrong });
      assert.ok(!read.ok);
      assert.match(read.failure.message, says);
    }
  });

  it('gives the issue of a receipt', () => {
    assert.equal(issueKeyOf({ id: 'OPS-7' }), 'OPS-7');
    assert.equal(issueKeyOf({ id: 'ops-7' }), 'OPS-7');
    assert.equal(issueKeyOf({ id: 'x', name: 'OPS-7' }), 'OPS-7');
    assert.equal(issueKeyOf({ id: 'x', url: 'https://techcorp.atlassian.net/browse/OPS-7?a=b' }), 'OPS-7');
    assert.equal(issueKeyOf({ id: '7' }), undefined);
    assert.equal(issueKeyOf({ id: '../myself', name: 'the ticket' }), undefined);
  });

  it('refuses in its own words', () => {
    assert.equal(
      explainJira({
        errorMessages: ['Not allowed.'],
        errors: { summary: 'is required', project: 'valid project is required' },
      }),
      'Not allowed. summary: is required; project: valid project is required',
    );
    assert.equal(explainJira({ message: 'Client must be authenticated' }), 'Client must be authenticated');
    for (const body of [undefined, 'text', {}, { errorMessages: [], errors: {} }])
      assert.equal(explainJira(body), undefined);
  });
});
