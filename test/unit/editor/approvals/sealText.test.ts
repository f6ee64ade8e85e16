import assert from 'node:assert/strict';
import { sealText } from '../../../../src/editor/approvals/sealText.ts';

describe('the seal of what an approval is bound to', () => {
  it('is the same for the same text and salt, and another for any other', async () => {
    const seal = await sealText('{"uid":"a"}', 'incident-1/step');
    assert.match(seal, /^[0-9a-f]{64}$/);
    assert.equal(await sealText('{"uid":"a"}', 'incident-1/step'), seal);
    assert.notEqual(await sealText('{"uid":"b"}', 'incident-1/step'), seal);
    assert.notEqual(await sealText('{"uid":"a"}', 'incident-2/step'), seal);
  });
});
