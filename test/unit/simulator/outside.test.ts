import assert from 'node:assert/strict';
import { outsideLogins, startOutside } from '../../../src/simulator/outside.ts';

describe('the outside services of the simulator', () => {
  it('listen on ports of their own, note what they are asked, and end with all connections', async () => {
    const { outside, dispose } = await startOutside(() => Date.UTC(2026, 10, 23, 10));
    const urls = Object.values(outside).map(({ url }) => url as string);
    assert.equal(new Set(urls).size, urls.length);
    for (const { url, store } of Object.values(outside)) {
      const answer = await fetch(`${url}/nothing/here?a=b`, { method: 'POST', body: '{"x":1}' });
      await answer.text();
      const [seen] = store.requests;
      assert.equal(seen?.method, 'POST');
      assert.equal(seen?.path, '/nothing/here?a=b');
      assert.equal(seen?.at, '2026-11-23T10:00:00.000Z');
    }
    await dispose();
    for (const url of urls) await assert.rejects(fetch(url));
  });

  it('say how to reach each of them', async () => {
    const { outside, dispose } = await startOutside(Date.now);
    const logins = outsideLogins(outside);
    for (const [name, { url }] of Object.entries(outside))
      assert.equal(logins[name as keyof typeof logins]['url'], url);
    await dispose();
  });
});
