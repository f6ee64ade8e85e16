import assert from 'node:assert/strict';
import type { ValueKind } from '../../../../src/core/plan/plan.ts';
import {
  placeholdersOf,
  suggestValues,
  valuesOfIncident,
} from '../../../../src/core/plan/words/placeholders.ts';
import { validateValue } from '../../../../src/core/plan/words/validateValue.ts';
import { missingOf, pinned, planOf, trapsOf } from './planOf.ts';

const found = (command: string): readonly string[] =>
  placeholdersOf(command).map(({ name, kind }) => `${name}:${kind}`);

const cases: readonly (readonly [command: string, ...missing: string[]])[] = [
  // The four ways of writing one, and one name for all of them.
  ['kubectl logs <pod>', 'pod:pod'],
  ['kubectl logs {{pod}}', 'pod:pod'],
  ['kubectl logs {{ pod }}', 'pod:pod'],
  ['kubectl logs $POD', 'pod:pod'],
  ['kubectl logs ${POD}', 'pod:pod'],
  ['kubectl logs "$POD" <pod> <POD>', 'pod:pod'],
  ['run <app name> $APP_NAME <app-name>', 'app-name:app'],
  ['run <контейнер> <größe>', 'контейнер:text', 'größe:text'],
  // Where it stands decides the kind, then its name.
  ['kubectl scale deployment <app-name>', 'app-name:deployment'],
  ['kubectl scale deployment/<app-name> --replicas=<n>', 'app-name:deployment', 'n:number'],
  ['kubectl scale --replicas <count> deploy <x>', 'count:number', 'x:deployment'],
  ['kubectl get pods -l app=<x>', 'x:service'],
  ['kubectl get pods -lapp=<x>', 'x:service'],
  ['kubectl get pods --selector=tier=web,app.kubernetes.io/name=<x>', 'x:service'],
  ['kubectl get pods -l team=<x>', 'x:text'],
  ['kubectl -n <where> logs <which>', 'where:namespace', 'which:pod'],
  ['kubectl logs -n <where> -c <container> <which>', 'where:namespace', 'container:text', 'which:pod'],
  ['kubectl exec -it -n=<where> <which> -- psql <db>', 'where:namespace', 'which:pod', 'db:text'],
  ['kubectl patch ingress <x>', 'x:ingress'],
  ['kubectl describe svc <x>', 'x:service'],
  ['kubectl delete pod <x> --namespace=<y>', 'x:pod', 'y:namespace'],
  ['kubectl rollout undo deployment/<x> --to-revision=<revision>', 'x:deployment', 'revision:number'],
  ['kubectl logs <x> --tail=<lines>', 'x:pod', 'lines:number'],
  ['argocd app rollback <x> <y>', 'x:app', 'y:revision'],
  ['argocd app get <app-name>', 'app-name:app'],
  ['kubectl get pods | head -n <n>', 'n:number'],
  ['kubectl get pods | grep -n <where>', 'where:text'],
  ['grep <service> log', 'service:service'],
  ['curl https://x.test/<service-url>/<id>', 'service-url:text', 'id:text'],
  // Shell variables that are the shell's own business.
  ['echo $HOME $USER ${PATH} $? $1 $@ $$'],
  ["echo '$POD'"],
  ['echo \\$POD "\\$POD"'],
  ['POD=web-1\nkubectl logs $POD'],
  ['export NS=production; kubectl get pods -n $NS'],
  ['POD=$(kubectl get pods -o name | head -1) && kubectl logs "$POD"'],
  ['for P in a b; do kubectl logs $P; done'],
  ['read -r A B\necho $A $B'],
  ['NS=production kubectl get pods -n $NS', 'ns:namespace'],
  ['echo ${NS:-production}'],
  ['echo ${NS%-*}', 'ns:namespace'],
  ['echo $(kubectl logs $POD)', 'pod:pod'],
  ['echo "$(kubectl logs "$POD")"', 'pod:pod'],
  ['echo `kubectl logs $POD`', 'pod:pod'],
  // In quotes, comments and here-documents.
  [`curl -d '{"a": "<what>"}' x`, 'what:text'],
  ['kubectl get pods # of <service>'],
  ['cat <<EOF\nname: <name>\nkey: $KEY\nEOF', 'name:text', 'key:text'],
  ["cat <<'EOF'\nkey: $KEY\nEOF"],
  // Redirections, templates and other things that look like one.
  ['sort < file > out'],
  ['sort <file >out'],
  ['sort <in.txt>out.txt'],
  ['sort <in.txt>>out'],
  ['sort <in>>out'],
  ['diff <(ls a) <(ls b)'],
  ['[ 1 -lt 2 ] && a <b'],
  ['kubectl get pods 2>&1 >/dev/null'],
  ["kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'"],
  ["grep '\\<word\\>' file"],
  ["grep -P '(?<name>x)' file"],
  ["curl -d '<user>bob</user>' x"],
  // The gap.
  ["kubectl patch ingress web --patch '...'", '...:text'],
  ['kubectl patch ingress web --patch \'{"spec": ...}\'', '...:text'],
  ['curl -H "Authorization: Bearer ..." x', '...:text'],
  ['curl -d … x', '...:text'],
  ['go test ./...'],
  ['git log a...b'],
  ['echo "Waiting..."'],
  ['echo ....'],
];

describe('placeholders', () => {
  for (const [command, ...missing] of cases)
    it(JSON.stringify(command), () => assert.deepEqual(found(command), missing));

  it('are asked once each, as first written', () => {
    assert.deepEqual(placeholdersOf('kubectl logs $POD; kubectl describe pod <pod>'), [
      { name: 'pod', written: '$POD', kind: 'pod' },
    ]);
  });

  it('are found by the value’s name however that is written', () => {
    for (const name of ['app-name', 'APP_NAME', 'app name', 'App-Name'])
      assert.deepEqual(missingOf(planOf('argocd app get <app-name>', { values: { [name]: 'web' } })), []);
    assert.deepEqual(missingOf(planOf('kubectl logs <pod>', { values: { pod: '' } })), ['pod:pod']);
  });

  it('are filled one `...` at a time: one text cannot be right for two', () => {
    const values = { '...': '{"a":1}' };
    assert.deepEqual(missingOf(planOf("kubectl patch deploy web -p '...'", { values })), []);
    assert.deepEqual(missingOf(planOf('curl -H "A: ..." -d \'...\' x.test', { values })), ['...:text']);
  });

  it('block when the value cannot be right', () => {
    const traps = (command: string, value: string): readonly string[] =>
      trapsOf(planOf(command, { values: { x: value } })).filter((code) => code !== 'runs-in-shell');
    assert.deepEqual(traps('kubectl logs <x>', 'web-1'), []);
    assert.deepEqual(traps('kubectl logs <x>', 'Web_1; rm'), ['invalid-value!', 'invalid-value!']);
    assert.deepEqual(traps('kubectl logs <x>', '-f'), ['invalid-value!', 'invalid-value!']);
    assert.deepEqual(traps('kubectl get pods -l team=<x>', 'a,b=c'), ['invalid-value!']);
    assert.deepEqual(traps('make <x>', '-f'), ['invalid-value!']);
    assert.deepEqual(traps('make say=<x>', '-f'), []);
    assert.deepEqual(traps('echo `echo <x>`', 'a'), []);
    assert.deepEqual(traps('echo `echo <x>`', 'a b'), ['invalid-value!']);
    assert.deepEqual(traps('cat <<EOF\n<x>\nEOF', '$(date)'), ['invalid-value!']);
    const block = planOf('make <x>', { values: { x: '-f' } }).traps.find(({ blocks }) => blocks);
    assert.match(block?.message ?? '', /begins with a hyphen/);
  });

  it('are checked by kind', () => {
    const right: readonly (readonly [ValueKind, string])[] = [
      ['pod', 'payment-service-7d9f-x2k4q'],
      ['deployment', 'web.v2'],
      ['namespace', 'production'],
      ['app', 'team/web'],
      ['revision', '3'],
      ['revision', 'v1.2.3'],
      ['number', '10'],
      ['text', 'anything $at all'],
    ];
    const wrong: readonly (readonly [ValueKind, string])[] = [
      ['pod', 'Payment'],
      ['pod', 'a b'],
      ['pod', '-a'],
      ['pod', 'a-'],
      ['pod', 'a..b'],
      ['pod', 'a'.repeat(254)],
      ['service', 'a_b'],
      ['ingress', 'a/b'],
      ['namespace', 'a.b'],
      ['namespace', 'a'.repeat(64)],
      ['app', 'a/b/c'],
      ['revision', 'a b'],
      ['number', '-1'],
      ['number', 'ten'],
      ['text', ''],
      ['text', 'a\0b'],
    ];
    for (const [kind, value] of right)
      assert.equal(validateValue(kind, value), undefined, `${kind} ${value}`);
    for (const [kind, value] of wrong)
      assert.match(validateValue(kind, value) ?? '', /\.$/, `${kind} ${value}`);
  });
});

describe('suggestions', () => {
  const from = {
    service: 'payment-service',
    target: pinned,
    seen: {
      pod: ['search-1', 'payment-service-2', 'payment-service-1'],
      deployment: ['search', 'payment-service'],
      service: ['search-svc'],
      revision: ['1', '0'],
    },
  };
  const suggest = (name: string, kind: ValueKind): readonly string[] =>
    suggestValues({ name, written: `<${name}>`, kind }, from);

  it('are pods seen, the incident’s service first', () => {
    assert.deepEqual(suggest('pod', 'pod'), ['payment-service-2', 'payment-service-1', 'search-1']);
  });

  it('are the incident’s service for everything that names a workload', () => {
    for (const [name, kind] of [
      ['suspect', 'service'],
      ['app-name', 'app'],
      ['app-name', 'deployment'],
      ['service', 'service'],
      ['app', 'text'],
      ['x', 'ingress'],
    ] as const)
      assert.equal(suggest(name, kind)[0], 'payment-service', `${name} ${kind}`);
    assert.deepEqual(suggest('app-name', 'deployment'), ['payment-service', 'search', 'search-svc']);
  });

  it('are the pinned namespace, seen revisions, and nothing where nothing is known', () => {
    assert.deepEqual(suggest('ns', 'namespace'), ['production']);
    assert.deepEqual(suggest('revision-id', 'revision'), ['1', '0']);
    assert.deepEqual(suggest('n', 'number'), []);
    assert.deepEqual(suggest('feature', 'text'), []);
  });

  it('of the incident itself are only what is certain', () => {
    assert.deepEqual(valuesOfIncident({ service: 'web', namespace: 'prod' }), {
      service: 'web',
      namespace: 'prod',
    });
    assert.deepEqual(valuesOfIncident({}), {});
  });
});
