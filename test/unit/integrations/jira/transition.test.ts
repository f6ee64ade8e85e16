import assert from 'node:assert/strict';
import type { Transition } from '../../../../src/integrations/jira/transition.ts';
import { chooseTransition } from '../../../../src/integrations/jira/transition.ts';

const to = (
  id: string,
  name: string,
  key: 'new' | 'indeterminate' | 'done',
  fields: Transition['fields'] = {},
): Transition => ({ id, name, to: { name, statusCategory: { key } }, fields });
const asks = (name: string, ...values: readonly string[]): Transition['fields'] => ({
  [name]: {
    required: true,
    hasDefaultValue: false,
    name,
    allowedValues: values.map((value, index) => ({ id: String(index + 1), name: value })),
  },
});

describe('the transition that ends or reopens a Jira issue', () => {
  it('goes by the category of the status, not by words', () => {
    const there = [to('11', 'Done with triage', 'indeterminate'), to('21', 'Erledigt', 'done')];
    assert.deepEqual(chooseTransition(there, false), { id: '21', fields: {} });
    assert.deepEqual(chooseTransition(there, true), { id: '11', fields: {} });
  });

  it('does not give up where it can be done', () => {
    assert.equal(chooseTransition([to('1', "Won't do", 'done'), to('2', 'Done', 'done')], false)?.id, '2');
    assert.equal(chooseTransition([to('1', 'Cancelled', 'done')], false)?.id, '1');
  });

  it('goes back to work before it goes back to the list', () => {
    assert.equal(
      chooseTransition([to('1', 'To Do', 'new'), to('2', 'In Progress', 'indeterminate')], true)?.id,
      '2',
    );
    assert.equal(chooseTransition([to('1', 'To Do', 'new')], true)?.id, '1');
  });

  it('answers for a resolution and leaves out what asks for more', () => {
    assert.deepEqual(
      chooseTransition([to('1', 'Close', 'done', asks('resolution', "Won't Do", 'Done'))], false),
      {
        id: '1',
        fields: { resolution: { id: '2' } },
      },
    );
    assert.equal(
      chooseTransition([to('1', 'Close', 'done', asks('customfield_10010', 'A'))], false),
      undefined,
    );
    assert.equal(
      chooseTransition(
        [to('1', 'Close', 'done', asks('customfield_10010', 'A')), to('2', 'Done', 'done')],
        false,
      )?.id,
      '2',
    );
  });

  it('gives none where there is none', () => {
    assert.equal(chooseTransition([to('1', 'In Progress', 'indeterminate')], false), undefined);
    assert.equal(chooseTransition([], true), undefined);
  });
});
