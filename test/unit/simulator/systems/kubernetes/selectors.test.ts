import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../../src/simulator/state/objects.ts';
import {
  parseFieldSelector,
  parseLabelSelector,
} from '../../../../../src/simulator/systems/kubernetes/selectors.ts';

const object = (
  name: string,
  labels: Record<string, string>,
  rest: Record<string, unknown> = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'production', uid: name, resourceVersion: '1', creationTimestamp: '', labels },
  ...rest,
});
const objects = [
  object('a', { app: 'a', tier: 'front' }, { status: { phase: 'Running' } }),
  object('b', { app: 'b', 'example.com/x': '1' }, { status: { phase: 'Pending' } }),
  object('none', {}, { status: { phase: 'Running' }, involvedObject: { name: 'a' } }),
];

const names = (parsed: ReturnType<typeof parseLabelSelector>): string => {
  assert.ok(parsed.ok);
  return objects
    .filter(parsed.value)
    .map(({ metadata }) => metadata.name)
    .join(' ');
};

describe('a label selector', () => {
  const cases: Record<string, string> = {
    '': 'a b none',
    'app=a': 'a',
    'app==a': 'a',
    'app!=a': 'b none',
    'app in (a, b)': 'a b',
    'app notin (a)': 'b none',
    app: 'a b',
    '!app': 'none',
    'app,tier=front': 'a',
    'app in (a,b),!tier': 'b',
    'example.com/x=1': 'b',
    'app=': '',
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`"${text}" selects "${expected}"`, () => assert.equal(names(parseLabelSelector(text)), expected));
  }

  it('is refused with a Status when it makes no sense', () => {
    for (const text of ['app in a', '=a', 'app=a=b', 'a b']) {
      const parsed = parseLabelSelector(text);
      assert.equal(parsed.ok ? undefined : parsed.status.code, 400, text);
    }
  });
});

describe('a field selector', () => {
  it('selects by name, phase and involved object', () => {
    assert.equal(names(parseFieldSelector('pods', 'metadata.name=a')), 'a');
    assert.equal(names(parseFieldSelector('pods', 'status.phase!=Running')), 'b');
    assert.equal(names(parseFieldSelector('pods', 'status.phase=Running,metadata.name!=a')), 'none');
    assert.equal(names(parseFieldSelector('events', 'involvedObject.name==a')), 'none');
  });

  it('refuses a field the API does not index, in its words', () => {
    const parsed = parseFieldSelector('pods', 'spec.hostname=x');
    assert.equal(parsed.ok ? '' : parsed.status.message, 'field label not supported: spec.hostname');
    assert.equal(parseFieldSelector('pods', 'nonsense').ok, false);
  });
});
