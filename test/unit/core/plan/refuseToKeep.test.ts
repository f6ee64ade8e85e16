import assert from 'node:assert/strict';
import { refuseToKeep } from '../../../../src/core/plan/words/refuseToKeep.ts';

describe('values that the journal does not keep', () => {
  for (const name of [
    'TOKEN',
    'api_token',
    'GITHUB_TOKEN',
    'db-password',
    'APIKEY',
    'client_secret',
    'PGPASSWORD',
    'routing-key',
    '...',
  ]) {
    it(`refuses ${name}`, () => assert.ok(refuseToKeep(name)));
  }
  it('says how to write a secret instead', () => {
    assert.match(refuseToKeep('api-token') ?? '', /Write \$API_TOKEN in the guide .* Incident: Set Secret/);
  });
  for (const name of ['pod', 'service', 'app-name', 'author', 'revision-id', 'keyspace', 'tokenizer']) {
    it(`keeps ${name}`, () => assert.equal(refuseToKeep(name), undefined));
  }
});
