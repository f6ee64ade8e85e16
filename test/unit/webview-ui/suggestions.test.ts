import assert from 'node:assert/strict';
import { matchingSuggestions } from '../../../webview-ui/suggestions.ts';

const pods = ['payment-a', 'payment-b', 'checkout-a', 'ledger-a'];

describe('suggestions while a value is typed', () => {
  it('are the best few, with the count of the others', () => {
    assert.deepEqual(matchingSuggestions(pods, '', undefined, 3), { shown: pods.slice(0, 3), more: 1 });
  });

  it('are narrowed by what is typed, in any case', () => {
    assert.deepEqual(matchingSuggestions(pods, ' Payment', undefined, 6).shown, ['payment-a', 'payment-b']);
  });

  it('leave out the value already set and the one already typed whole', () => {
    assert.deepEqual(matchingSuggestions(pods, 'payment-b', 'payment-a', 6).shown, []);
    assert.deepEqual(matchingSuggestions(pods, '', 'payment-a', 6).shown, pods.slice(1));
  });
});
