import assert from 'node:assert/strict';
import { createMemory } from '../../../webview-ui/memory.ts';

/** VS Code's side: keeps the last state given, as JSON. */
function kept(first?: unknown) {
  let json = JSON.stringify(first ?? null);
  return {
    getState: (): unknown => JSON.parse(json),
    setState: (state: unknown): void => void (json = JSON.stringify(state)),
  };
}

describe('what the page remembers through a reload', () => {
  it('are drafts and the scroll position of the sequence on show', () => {
    const api = kept();
    const before = createMemory(api, 'runbook/503');
    before.open('runbook/503', 'guide.md');
    before.setDraft('notes', 'step-1', 'half ty');
    before.setDraft('values', 'pod', '');
    before.setScroll(420);

    const after = createMemory(api, 'runbook/503');
    after.open('runbook/503', 'guide.md');
    assert.equal(after.draft('notes', 'step-1'), 'half ty');
    assert.equal(after.draft('values', 'pod'), '');
    assert.equal(after.scroll, 420);
  });

  it('names its sequence before the first state arrived, so that the host can bring the page back', () => {
    const api = kept();
    createMemory(api, 'runbook/503');
    assert.equal((api.getState() as { sequence: string }).sequence, 'runbook/503');
  });

  it('lets go of drafts when another sequence is shown', () => {
    const memory = createMemory(kept(), 'a');
    memory.open('a', 'guide.md');
    memory.setDraft('notes', 'step-1', 'of a');
    memory.open('b', 'guide.md');
    assert.equal(memory.draft('notes', 'step-1'), undefined);
  });

  it('forgets a draft that was sent', () => {
    const memory = createMemory(kept(), 'a');
    memory.setDraft('reasons', 'step-1', 'because');
    memory.setDraft('reasons', 'step-1', undefined);
    assert.equal(memory.draft('reasons', 'step-1'), undefined);
  });

  it('starts afresh from what an older build or someone else left', () => {
    for (const junk of [null, 7, [], { sequence: 1 }, { sequence: 'a', scroll: 'far' }]) {
      const memory = createMemory(kept(junk), 'a');
      assert.equal(memory.scroll, 0);
      assert.equal(memory.draft('notes', 'constructor'), undefined);
    }
  });
});
