import assert from 'node:assert/strict';
import type { PageMessage } from '../../../src/shared/protocol.ts';
import { createRequests } from '../../../webview-ui/requests.ts';

describe('asking the host', () => {
  it('gives each reply to the one who asked, in whatever order they come', async () => {
    const sent: PageMessage[] = [];
    const requests = createRequests((message) => sent.push(message));
    const first = requests.send('copyCommand', { step: 'a' });
    const second = requests.send('copyCommand', { step: 'b' });
    const [one, two] = sent.map(({ id }) => id);
    requests.settle({ type: 'reply', id: two ?? -1, ok: false, message: 'No.' });
    requests.settle({ type: 'reply', id: one ?? -1, ok: true, result: null });
    assert.deepEqual(await first, { ok: true, result: null });
    assert.deepEqual(await second, { ok: false, message: 'No.' });
  });

  it('drops a reply nobody waits for, and a second one', async () => {
    const requests = createRequests(() => undefined);
    const asked = requests.send('pinTarget', {});
    requests.settle({ type: 'reply', id: 99, ok: true, result: null });
    requests.settle({ type: 'reply', id: 1, ok: true, result: null });
    requests.settle({ type: 'reply', id: 1, ok: false, message: 'late' });
    assert.equal((await asked).ok, true);
  });

  it('fails with a sentence when the host cannot be reached', async () => {
    const requests = createRequests(() => {
      throw new Error('detached');
    });
    const reply = await requests.send('declare', {});
    assert.ok(!reply.ok);
    assert.match(reply.message, /Nothing was done/);
  });
});
