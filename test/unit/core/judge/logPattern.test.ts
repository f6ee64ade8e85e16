import assert from 'node:assert/strict';
import { logPattern, pathPattern } from '../../../../src/core/judge/logPattern.ts';

describe('the pattern of a log’s line', () => {
  const same: readonly (readonly [string, string])[] = [
    [
      '2026-11-23T10:30:00.1Z ERROR order 9f8e7d6c5b failed after 3.5 s for 10.0.0.7',
      '2026-11-24 11:00:00,900 ERROR order 1a2b3c4d5e failed after 12 s for 10.1.2.3',
    ],
    ['pod pay-7d9f8c6b5-x2k4q left', 'pod pay-6c4b9d7f8-p9z7w left'],
    ['trace 1b4e28ba-2fa1-11d2-883f-0016d3cca427', 'trace 6fa459ea-ee8a-3ca4-894e-db77e160355e'],
    ['trace 1234abcd lost', 'trace 12345678 lost'],
    ['took 9999999 bytes', 'took 10000000 bytes'],
    ['at 0x7f00 of worker-3', 'at 0x7fff12ab of worker-12'],
    ['Error:  two   spaces', 'ERROR: two spaces'],
  ];
  for (const [a, b] of same)
    it(`is one for “${a}” and “${b}”`, () => assert.equal(logPattern(a), logPattern(b)));

  const different: readonly (readonly [string, string])[] = [
    ['ERROR card declined', 'ERROR card expired'],
    ['ERROR {"msg":"declined"}', 'ERROR {"msg":"expired"}'],
    ['ERROR no deadbeef', 'ERROR no defaced'],
  ];
  for (const [a, b] of different)
    it(`is another for “${a}” and “${b}”`, () => assert.notEqual(logPattern(a), logPattern(b)));
});

describe('the pattern of a path', () => {
  it('has :id for whole segments that name one of many, and for no part of a name', () => {
    assert.equal(pathPattern('/v2/orders/4711/items/9f8e7d6c5b'), '/v2/orders/:id/items/:id');
    assert.equal(pathPattern('/users/1b4e28ba-2fa1-11d2-883f-0016d3cca427'), '/users/:id');
    assert.equal(pathPattern('/feedback/api-3/deadbeef'), '/feedback/api-3/deadbeef');
  });
});
