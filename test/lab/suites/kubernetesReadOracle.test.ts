import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesExecutor } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { commandPlan } from '../../contract/suites/kubernetesReads.suite.ts';
import type { KubectlResult } from '../../support/kubectl.ts';
import { runKubectl } from '../../support/kubectl.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import { readLab } from '../labDescription.ts';

const { kubernetes } = await readLab('kubernetes');
const target = {
  context: kubernetes.contexts.production,
  server: kubernetes.server,
  namespace: 'production',
};

/** Words of a command line with quotes, none of which hold another. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  );

/** Compared letter by letter, standard error and exit code too. */
const same: readonly string[] = [
  ...[
    'pods',
    'pods -o wide',
    'pods -A',
    'pods -A -o wide',
    'svc,ingress',
    'svc,ingress -o wide',
    'all',
    'all -A',
  ],
  ...['nodes', 'nodes -o wide', 'ns', 'cm,secret -A', 'hpa', 'deploy,rs,sts,ds,job -A', 'deploy -o wide'],
  ...['crd', 'releases', 'releases.lab.incident', 'releases -A -o wide', 'po,svc,all'],
  ...[
    'pods --show-labels',
    'pods,svc --show-labels',
    'pods -L app,pod-template-hash',
    'pods -l app=checkout -L app',
  ],
  ...[
    "pods -l 'app in (checkout,catalog)'",
    "pods -l 'app notin (checkout,catalog),app'",
    'pods -l app=none',
  ],
  ...['pods --field-selector spec.nodeName=node-a', 'pods --field-selector foo=bar', 'pods -l =x', 'events'],
  ...['events -A', 'events -A -o wide', 'pods --no-headers', 'svc,deploy --no-headers'],
  ...['pod postgres-0', 'pod postgres-0 nothing-here', 'pod nothing-here --ignore-not-found', 'nonsense'],
  ...[
    'pod/postgres-0 svc/checkout deploy/checkout svc/search',
    'pod/postgres-0 svc/nothing',
    'deployments.apps',
  ],
  ...['pods -o name', 'svc,deploy -o name', 'pods -l app=none -o name', 'pods -l app=none -o yaml'],
  ...['pod postgres-0 -o yaml', 'pod postgres-0 -o json', 'pods -o yaml', 'pods -o json', 'cm -o yaml'],
  ...[
    'nodes -o yaml',
    'ingress,hpa,releases -o yaml',
    'events -A -o yaml',
    'crd -o yaml',
    'clusterroles -o yaml',
  ],
  ...[
    'pod postgres-0 -o yaml --show-managed-fields',
    'pods --sort-by=.metadata.name',
    'pods --sort-by=.status.podIP',
  ],
  ...[
    'deploy --sort-by=.spec.replicas',
    "pods --sort-by='{.metadata.name}' -o name",
    'nodes --sort-by=.metadata.name',
  ],
  ...["pods -o jsonpath='{.items[*].metadata.name}'", "pods -o jsonpath='{.items[0:2].metadata.name}'"],
  `pods -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}'`,
  `nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'`,
  `pods -o jsonpath='{.items[?(@.status.phase=="Running")].metadata.name}'`,
  "pod postgres-0 -o jsonpath='{.metadata.labels}'",
  "pod postgres-0 -o jsonpath='{.metadata.labels.apps\\.kubernetes\\.io/pod-index}'",
  "deploy -o jsonpath='{.items[?(@.spec.replicas>2)].metadata.name}'",
  `pods -o jsonpath="{.items[0]['metadata.name','metadata.namespace']}"`,
  "pods -o jsonpath='{.items[-1].metadata.name}'",
  "pods -o jsonpath='{..image}'",
  'pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName,LABELS:.metadata.labels,NONE:.a.b',
  'pods -o custom-columns=NAME:.metadata.name --no-headers',
].map((rest) => `get ${rest}`);

const described: readonly string[] = [
  ...['pods', 'pod postgres-0', 'pods -l app=payment-service', 'pods -n staging', 'pods -n trouble'],
  ...[
    'deployments',
    'deployment payment-service',
    'deploy -n trouble',
    'rs',
    'sts postgres',
    'ds -n kube-system',
  ],
  ...[
    'jobs -n staging',
    'svc',
    'svc payment-service',
    'ingress storefront',
    'nodes',
    'node node-a',
    'hpa checkout',
  ],
  ...['cm payment-service', 'releases', 'crd releases.lab.incident', 'events -n trouble', 'pods -l app=none'],
  ...['pod nothing-here', 'pod checkout', 'pod/postgres-0 svc/checkout', 'svc checkout --show-events=false'],
].map((rest) => `describe ${rest}`);

/** Where this says more, or less, than kubectl on purpose. */
const accepted: readonly {
  readonly command: string;
  readonly theirs: RegExp;
  readonly ours: RegExp;
  readonly reason: string;
}[] = [
  {
    command: 'get pods --sort-by=.nothing.here',
    theirs: /^No resources found in production namespace\.\n$/,
    ours: /^error: couldn't find any field with path "\{\.nothing\.here\}" in the list of objects\n$/,
    reason: 'kubectl loses its own error here and says that there are no pods',
  },
  {
    command: "get pods -o jsonpath='{.items[99].metadata.name}'",
    theirs: /array index out of bounds: index 99, length \d+\. Printing more information for debugging/,
    ours: /^error: error executing jsonpath "[^"]+": array index out of bounds: index 99, length \d+\n$/,
    reason: 'kubectl prints all objects as Go text behind its error',
  },
  {
    command: 'logs nothing-here',
    theirs:
      /^error: error from server \(NotFound\): pods "nothing-here" not found in namespace "production"\n$/,
    ours: /^Error from server \(NotFound\): pods "nothing-here" not found\n$/,
    reason: 'the same sentence for whatever is not there',
  },
  {
    command: 'top pods',
    theirs: /^error: Metrics API not available\n$/,
    ours: /^error: Metrics API not available\. This cluster runs no metrics server/,
    reason: 'it also says what that means and where to look',
  },
  {
    command: 'get endpoints postgres',
    theirs: /^Warning: v1 Endpoints is deprecated/,
    ours: /^$/,
    reason: 'warnings of the server about old kinds are not shown',
  },
];

describe("reads, beside the lab's unmodified kubectl", function () {
  this.timeout(120_000);
  let home: string;
  let executor: KubernetesExecutor;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'incident-read-oracle-'));
    executor = createKubernetesExecutor({
      loadKubeconfig: () => loadKubeconfig({ paths: [kubernetes.kubeconfigs.admin] }),
    });
  });
  after(async () => {
    await executor.dispose();
    await rm(home, { recursive: true, force: true });
  });

  const theirs = (command: string): Promise<KubectlResult> =>
    runKubectl(
      kubernetes.kubectl,
      [...(/ -n | -A\b/.test(command) ? [] : ['-n', 'production']), ...wordsOf(command)],
      { home, kubeconfig: kubernetes.kubeconfigs.admin },
    );
  const ours = async (command: string): Promise<KubectlResult> => {
    const output = collectOutput();
    const outcome = await executor.run(commandPlan(`kubectl ${command}`, target), output, untilDone());
    const code = 'exitCode' in outcome ? (outcome.exitCode ?? -1) : -1;
    return { code, stdout: output.stdout, stderr: output.stderr };
  };

  /** Each line as kubectl printed it just before or just after: only ages tick meanwhile. */
  const isBetween = (mine: string, before: string, after: string): boolean => {
    const [lines, earlier, later] = [mine, before, after].map((text) => text.split('\n'));
    return (
      lines!.length === earlier!.length &&
      lines!.length === later!.length &&
      lines!.every((line, index) => line === earlier![index] || line === later![index])
    );
  };

  /** Asks kubectl, us and kubectl again, up to twenty times while something changes between. */
  async function compare(command: string): Promise<void> {
    for (let round = 1; ; round += 1) {
      const before = await theirs(command);
      const mine = await ours(command);
      const after = await theirs(command);
      const holds =
        isBetween(mine.stdout, before.stdout, after.stdout) &&
        isBetween(mine.stderr, before.stderr, after.stderr) &&
        mine.code === after.code;
      if (holds) return;
      if (round === 20) assert.deepEqual(mine, after);
    }
  }

  for (const command of [...same, ...described])
    it(`prints the same as kubectl ${command}`, () => compare(command));

  for (const { command, theirs: expected, ours: said, reason } of accepted)
    it(`differs from kubectl ${command}: ${reason}`, async () => {
      const [real, mine] = [await theirs(command), await ours(command)];
      assert.match(real.stderr, expected);
      assert.match(mine.stderr, said);
    });

  describe('logs', () => {
    /** A log may grow meanwhile: what kubectl read before is the beginning of ours, and ours of what it reads after. */
    async function compareGrowing(command: string): Promise<string> {
      const before = await theirs(command);
      const mine = await ours(command);
      const after = await theirs(command);
      assert.ok(mine.stdout.startsWith(before.stdout), `kubectl ${command} read something else before`);
      assert.ok(after.stdout.startsWith(mine.stdout), `kubectl ${command} read something else after`);
      assert.deepEqual([mine.stderr, mine.code], [after.stderr, after.code]);
      return mine.stdout;
    }
    /** `pod -c container` for each container that is there now. */
    const containers = async (): Promise<string[]> => {
      const path =
        'jsonpath=\'{range .items[*]}{.metadata.name}{range .spec.containers[*]} {.name}{end}{"\\n"}{end}\'';
      const { stdout } = await theirs(`get pods -o ${path}`);
      return stdout
        .trim()
        .split('\n')
        .flatMap((line) => {
          const [pod, ...names] = line.split(' ');
          return names.map((name) => `${pod} -c ${name}`);
        });
    };

    it('are the same pod by pod, whole', async () => {
      const all = await containers();
      assert.ok(all.length >= 8);
      for (const one of all) {
        const text = await compareGrowing(`logs ${one} --tail=-1`);
        assert.ok(text.length > 0, `${one} has no log`);
      }
    });

    it('are the same with times, prefixes, and for the container before', async () => {
      const [name = ''] = (await theirs('get pods -l app=payment-service -o name')).stdout.split('\n');
      await compareGrowing(`logs ${name} --tail=-1 --timestamps`);
      await compareGrowing(`logs ${name} --tail=-1 --prefix`);
      await compareGrowing(`logs ${name} --previous`);
      await compareGrowing('logs deploy/checkout --tail=-1');
      await compareGrowing('logs svc/search');
      await compareGrowing('logs job/ledger-export -n staging');
      await compareGrowing('logs deploy/notifications -c nothing');
      await compareGrowing('logs -l app=none');
    });

    it('of several containers are the same lines, which kubectl prints in any order', async () => {
      const command = 'logs deploy/notifications --all-containers --prefix --tail=5 --timestamps';
      const [before, mine, after] = [await theirs(command), await ours(command), await theirs(command)];
      const [earlier, lines, later] = [before, mine, after].map(({ stdout }) => stdout.trim().split('\n'));
      assert.equal(lines!.length, 10);
      assert.ok(lines!.every((line) => earlier!.includes(line) || later!.includes(line)));
    });

    it('end a line that a limit in bytes has cut, as kubectl does not', async () => {
      const command = 'logs deploy/checkout --limit-bytes=200';
      assert.equal((await ours(command)).stdout, `${(await theirs(command)).stdout}\n`);
    });

    it('of several pods are the same lines, in order of time', async () => {
      const line = /^\[pod\/\S+\] (\S+) /;
      const command = 'logs -l app=payment-service --tail=-1 --timestamps --prefix';
      const before = (await theirs(command)).stdout.trim().split('\n');
      const mine = (await ours(command)).stdout.trim().split('\n');
      const after = new Set((await theirs(command)).stdout.trim().split('\n'));
      const shown = new Set(mine);
      assert.equal(shown.size, mine.length);
      assert.ok(before.every((each) => shown.has(each)) && mine.every((each) => after.has(each)));
      const times = mine.map((each) => line.exec(each)?.[1] ?? '');
      assert.deepEqual(times, [...times].sort());
    });
  });
});
