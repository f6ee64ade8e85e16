import assert from 'node:assert/strict';
import { createRedraw, type Redraw } from '../../../../src/editor/views/redraw.ts';

interface Asked {
  readonly signal: AbortSignal;
  readonly say: (words: string) => void;
  readonly give: (made: string) => void;
  readonly refuse: (why: Error) => void;
}

describe('a page that is drawn anew', () => {
  const asked: Asked[] = [];
  const shown: string[] = [];
  const told: string[] = [];
  let isSeen = true;
  beforeEach(() => {
    for (const list of [asked, shown, told]) list.length = 0;
    isSeen = true;
  });
  let redraw: Redraw;
  beforeEach(() => {
    redraw = createRedraw<string>({
      make: (signal, say) =>
        new Promise((give, refuse) => {
          asked.push({ signal, say, give, refuse });
          signal.addEventListener('abort', () => refuse(new Error('called off')));
        }),
      show: (made) => void shown.push(made),
      fail: (message) => void shown.push(`failed: ${message}`),
      tell: (words) => void told.push(words),
      isSeen: () => isSeen,
      afterMs: 1,
      tellEveryMs: 1,
    });
  });
  afterEach(() => {
    redraw.dispose();
    for (const { give } of asked) give('');
  });
  /** Timers of the same length fire in the order they were set: what was asked for before has been drawn. */
  const laterPassed = (): Promise<void> => new Promise((done) => setTimeout(done, 1));
  const until = async (condition: () => boolean): Promise<void> => {
    for (let looks = 0; !condition(); looks += 1) {
      assert.ok(looks < 1_000, 'It never happened.');
      await laterPassed();
    }
  };
  const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

  it('shows the answer to the newest question, and gives up the one before', async () => {
    redraw.now();
    redraw.now();
    assert.deepEqual(
      asked.map(({ signal }) => signal.aborted),
      [true, false],
    );
    asked[1]?.give('new');
    await settled();
    assert.deepEqual(shown, ['new']);
  });

  it('lets an answer finish when something changes meanwhile, and draws once more behind it', async () => {
    redraw.now();
    for (let change = 0; change < 5; change += 1) redraw.soon();
    await laterPassed();
    assert.equal(asked.length, 1);
    assert.equal(asked[0]?.signal.aborted, false);
    asked[0]?.give('first');
    await until(() => asked.length === 2);
    asked[1]?.give('second');
    await until(() => shown.length === 2);
    assert.deepEqual(shown, ['first', 'second']);
  });

  it('draws nothing that nobody sees', async () => {
    isSeen = false;
    redraw.soon();
    await laterPassed();
    assert.equal(asked.length, 0);
    isSeen = true;
    redraw.soon();
    await until(() => asked.length === 1);
  });

  it('stops when the page closes, and neither shows nor complains', async () => {
    redraw.now();
    redraw.dispose();
    assert.equal(asked[0]?.signal.aborted, true);
    await settled();
    assert.deepEqual(shown, []);
  });

  it('says how far it is while it lasts, each thing once, and why it failed', async () => {
    redraw.now();
    asked[0]?.say('1 of 2');
    await until(() => told.length === 1);
    for (let ticks = 0; ticks < 3; ticks += 1) await laterPassed();
    asked[0]?.say('2 of 2');
    await until(() => told.length === 2);
    asked[0]?.refuse(new Error('The disk is gone.'));
    await settled();
    assert.deepEqual(told, ['1 of 2', '2 of 2']);
    assert.deepEqual(shown, ['failed: The disk is gone.']);
  });
});
