import assert from 'node:assert/strict';
import {
  connectionState,
  connectionText,
  tellsOfConnection,
  type ConnectionFacts,
} from '../../../../src/core/connections/connectionState.ts';

const now = '2026-11-23T10:40:00.000Z';
const lastCheck = { who: '@octocat', at: '2026-11-20T09:00:00.000Z' };
const facts: ConnectionFacts = { missing: undefined, hasToken: true, lastCheck, failing: undefined };
const textOf = (changed: Partial<ConnectionFacts>): string =>
  connectionText(connectionState({ ...facts, ...changed }, now), now);

describe('the state of a connection', () => {
  it('says as whom, and until when where the service told', () => {
    assert.equal(textOf({}), 'connected as @octocat');
    assert.equal(
      textOf({ lastCheck: { ...lastCheck, until: '2026-12-01T00:00:00.000Z' } }),
      'connected as @octocat, until 2026-12-01 00:00 UTC',
    );
  });

  it('says that a token has run out', () => {
    const until = '2026-11-23T10:39:59.000Z';
    assert.equal(
      textOf({ lastCheck: { ...lastCheck, until } }),
      'token of @octocat expired 2026-11-23 10:39 UTC',
    );
  });

  it('says since when it fails, with the day when it was another', () => {
    const failing = { since: '2026-11-23T10:31:00.000Z', message: 'GitHub refused the token (401).' };
    assert.equal(textOf({ failing }), 'failing since 10:31 UTC');
    assert.equal(
      textOf({ failing: { ...failing, since: '2026-11-22T23:59:00.000Z' } }),
      'failing since 2026-11-22 23:59 UTC',
    );
  });

  it('is none without a token, and names what is missing beside a token', () => {
    assert.equal(textOf({ hasToken: false }), 'not connected');
    assert.equal(textOf({ hasToken: false, missing: 'repository' }), 'not connected');
    assert.equal(textOf({ missing: 'repository' }), 'not connected: no repository is set');
  });

  it('does not claim a connection that was never tried', () => {
    assert.equal(textOf({ lastCheck: undefined }), 'token kept, not checked yet');
  });
});

describe('a failure', () => {
  it('tells of the connection, unless it is about the one thing that was asked for', () => {
    assert.equal(tellsOfConnection('unauthorized'), true);
    assert.equal(tellsOfConnection('unreachable'), true);
    assert.equal(tellsOfConnection('not-found'), false);
    assert.equal(tellsOfConnection('cancelled'), false);
  });
});
