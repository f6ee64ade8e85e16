import assert from 'node:assert/strict';
import { attributeDocs } from '../../../../src/core/authoring/attributeDocs.ts';
import { completeGuide, stepAtLine, type Completion } from '../../../../src/core/authoring/completeGuide.ts';
import { ownAttributes } from '../../../../src/core/guide/attributes.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { lintedSteps } from '../../../../src/core/lint/lintedStep.ts';
import { linesOf } from '../../../../src/core/lint/textEdit.ts';
import { bash, runbook } from '../lint/linted.ts';

/** What is offered at the bar in a text. */
function complete(marked: string): (Completion & { readonly replaced: string }) | undefined {
  const at = marked.indexOf('¦');
  const source = marked.replace('¦', '');
  const before = marked.slice(0, at).split('\n');
  const lines = linesOf(source);
  const steps = lintedSteps(parseGuide(source, { file: 'guide.md' }), lines);
  const found = completeGuide(lines, steps, {
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
  });
  if (!found) return undefined;
  const { line, column, endColumn } = found.range;
  return { ...found, replaced: (lines[line - 1] ?? '').slice(column - 1, endColumn - 1) };
}

const labels = (marked: string): readonly string[] => {
  const found = complete(marked);
  return found?.kind === 'items' ? found.items.map(({ label }) => label) : [];
};
const inserted = (marked: string, label: string): string | undefined => {
  const found = complete(marked);
  return found?.kind === 'items' ? found.items.find((item) => item.label === label)?.insert : undefined;
};

describe('what can be written at a place of a guide', () => {
  it('offers every attribute of ours and of Runme in both styles', () => {
    const keyed = runbook('bash { ir.ri¦ }', 'ls');
    for (const own of ownAttributes) assert.ok(labels(keyed).includes(`ir.${own}`), own);
    assert.ok(labels(keyed).includes('excludeFromRunAll'));
    assert.equal(complete(keyed)?.replaced, 'ir.ri');
    assert.equal(inserted(keyed, 'ir.risk'), 'ir.risk="$0"');
    const json = runbook('bash {"na¦"}', 'ls');
    assert.equal(complete(json)?.replaced, '"na');
    assert.equal(inserted(json, 'name'), '"name":"$0"');
    for (const { documentation } of Object.values(attributeDocs)) assert.match(documentation, /^[A-Z].*\.$/);
  });

  it('offers what an attribute can be', () => {
    assert.deepEqual(labels(runbook('bash { ir.risk=¦ }', 'ls')), ['read', 'change', 'destructive']);
    assert.deepEqual(labels(runbook('bash {"interactive":"t¦"}', 'ls')), ['true', 'false']);
    assert.equal(complete(runbook('bash { name=x ir.risk="de¦" }', 'ls'))?.replaced, 'de');
    assert.deepEqual(labels(runbook('bash { cwd=¦ }', 'ls')), []);
  });

  it('offers kinds of placeholders, and those the guide uses already', () => {
    const source = bash('kubectl get pods -l tier=<tier>', '', 'kubectl logs <p¦');
    assert.ok(labels(source).includes('pod'));
    assert.ok(labels(source).includes('tier'));
    assert.equal(inserted(source, 'pod'), 'pod>');
    assert.equal(inserted(bash('kubectl logs <p¦>'), 'pod'), 'pod');
  });

  for (const [command, of, replaced, namespace] of [
    ['kubectl get pods -n pr¦', 'namespace', 'pr', undefined],
    ['kubectl get pods -n ¦', 'namespace', '', undefined],
    ['kubectl -n shop logs pay¦', 'pod', 'pay', 'shop'],
    ['kubectl scale deployment/pay¦ -n shop', 'deployment', 'pay', undefined],
    ['kubectl scale deployment ¦', 'deployment', '', undefined],
    ['kubectl get pods -l app=¦', 'service', '', undefined],
    ['argocd app history st¦', 'app', 'st', undefined],
    ['kubectl get pods | grep x; kubectl logs ¦', 'pod', '', undefined],
  ] as const)
    it(`asks for a ${of} at ${command}`, () => {
      const found = complete(bash(command));
      assert.equal(found?.kind, 'names');
      assert.deepEqual(found.kind === 'names' && [found.of, found.replaced, found.namespace], [
        of,
        replaced,
        namespace,
      ]);
    });

  it('offers nothing in prose, in comments, and where a word could be anything', () => {
    for (const marked of [
      bash('echo ¦'),
      bash('# Look at kubectl logs ¦', 'ls'),
      'Some <p¦ of prose',
      '¦',
      bash('kube¦'),
    ])
      assert.equal(complete(marked), undefined, marked);
  });

  it('finds the step at a line, its comment or the fence above it', () => {
    const source = bash('# 1. Pods', 'kubectl get pods', '# 2. Services', 'kubectl get svc');
    const steps = lintedSteps(parseGuide(source, { file: 'guide.md' }), linesOf(source));
    assert.deepEqual(
      [6, 7, 8, 9, 10, 11, 12].map((line) => stepAtLine(steps, line)?.text),
      [undefined, 'Pods', 'Pods', 'Pods', 'Services', 'Services', undefined],
    );
  });
});
