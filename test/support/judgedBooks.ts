type Three<T> = readonly [holds: T, doesNot: T, nobodyKnows: T];

/** A step that looks; with its assertions, each with what the card says of it in each round. */
interface Look {
  readonly name: string;
  readonly command: string;
  readonly timeout?: string;
  readonly asserts?: Readonly<Record<string, Three<string>>>;
}
/** A step that only has a condition, in words or as `ir.when`; behind it what its card says in each round. */
type Case = readonly [condition: string, ...says: Three<RegExp>];

/** A runbook whose looks decide its conditions. */
export interface Book {
  readonly title: string;
  readonly looks: readonly Look[];
  readonly cases: readonly Case[];
}

const lost = (step: number, why = 'the run failed'): RegExp =>
  new RegExp(`^Cannot tell, you decide: step ${step}: ${why}`);
const applies = (because: string): RegExp => new RegExp(`^Applies: ${because}`);
const not = (because: string): RegExp => new RegExp(`^Does not apply: ${because}`);
const gone = 'the run failed with exit code 1';
const pods = (words: string, condition: string): Case => [
  condition,
  applies(`1 of 5 pods is ${words} \\(step 1, \\d\\d:\\d\\d UTC\\)$`),
  not(`none of 2 pods is ${words} \\(step 1, `),
  lost(1, gone),
];

/** Looks at files, which tell of what a test cannot bring about in a cluster. */
export const inFiles: Book = {
  title: 'Seen in Files',
  looks: [
    { name: 'pods', command: 'cat pods.txt' },
    { name: 'log', command: 'cat app.log' },
    { name: 'sessions', command: 'cat psql.txt' },
    {
      name: 'ready',
      command: 'cat ready.txt',
      timeout: '2s',
      asserts: {
        'exit == 0': ['passed: exit code 0', 'failed: exit code 1', 'not checked: the run timed out'],
      },
    },
  ],
  cases: [
    pods('in ImagePullBackOff', 'If pods in ImagePullBackOff'),
    pods('in OOMKilled', 'If any pod is OOMKilled'),
    pods('in Evicted', 'If pods are evicted'),
    pods('in Terminating', 'If pods are terminating'),
    pods('restarted before', 'If pods restarted'),
    [
      'If the pods are not ready',
      applies('4 of 5 pods are not running and ready'),
      not('none of 2 pods is not running'),
      lost(1, gone),
    ],
    [
      'If errors in the logs',
      applies('2 lines tell of errors'),
      not('0 lines tell of errors'),
      lost(2, gone),
    ],
    ['errors > 1', applies('2 lines with errors'), not('0 lines with errors'), lost(2, gone)],
    ['exit(ready) == 0', applies('exit code 0'), not('exit code 1'), lost(4, 'the run timed out')],
    ['connections >= 90', applies('97 connections'), not('12 connections'), lost(3, gone)],
    [
      'any cell("RESTARTS", "pods") > 5',
      applies('1 of 5 rows have RESTARTS > 5'),
      not('0 of 2 rows have RESTARTS > 5'),
      lost(1, gone),
    ],
  ],
};

/** Looks at the cluster and asks an address. */
export const inCluster = (health: string): Book => ({
  title: 'Seen in the Cluster',
  looks: [
    {
      name: 'table',
      command: 'kubectl get deployment catalog -n production',
      asserts: {
        'cell("READY") == "3/3"': [
          'passed: 1 of 1 rows have READY == 3/3',
          'failed: 0 of 1 rows have READY == 3/3',
          'not checked: the run failed with exit code 1',
        ],
      },
    },
    {
      name: 'list',
      command: 'kubectl get pods -n production -l app=catalog',
      asserts: {
        'rows == 3': ['passed: 3 rows', 'failed: 2 rows', 'not checked: the run failed with exit code 1'],
        'lines > 3': ['passed: 4 lines', 'failed: 3 lines', 'not checked: the run failed with exit code 1'],
      },
    },
    {
      name: 'spec',
      command: 'kubectl get deployment catalog -n production -o json',
      asserts: {
        'json("$.spec.replicas") == 3': [
          'passed: $.spec.replicas is 3',
          'failed: $.spec.replicas is 2',
          'not checked: the run failed with exit code 1',
        ],
        'matches "replicas.: 3"': [
          'passed: a line matches “replicas.: 3”',
          'failed: no line matches “replicas.: 3”',
          'not checked: the run failed with exit code 1',
        ],
      },
    },
    { name: 'behind', command: 'kubectl get service judged -n production' },
    {
      name: 'health',
      command: `curl ${health}`,
      // It is well where the rest is not.
      asserts: {
        'status == 200': [
          'failed: status 503',
          'passed: status 200',
          'not checked: the run failed with exit code 7',
        ],
      },
    },
  ],
  cases: [
    [
      'If the service has no endpoints',
      applies('service judged has no ready endpoints \\(step 4, '),
      not('every service shown has ready endpoints \\(step 4, '),
      lost(4, gone),
    ],
    [
      'status == 503',
      applies('status 503 \\(step 5, '),
      not('status 200 \\(step 5, '),
      lost(5, 'the run failed with exit code 7'),
    ],
    ['rows(list) == 3', applies('3 rows \\(step 2, '), not('2 rows \\(step 2, '), lost(2, gone)],
    [
      'any cell("READY", "table") == "3/3"',
      applies('1 of 1 rows have READY == 3/3 \\(step 1, '),
      not('0 of 1 rows have READY == 3/3 \\(step 1, '),
      lost(1, gone),
    ],
    [
      'json("$.spec.replicas", "spec") == 3',
      applies('\\$\\.spec\\.replicas is 3 \\(step 3, '),
      not('\\$\\.spec\\.replicas is 2 \\(step 3, '),
      lost(3, gone),
    ],
    [
      'cell("READY", "table") matches "^3/[0-9]$"',
      applies('1 of 1 rows have READY matches'),
      not('0 of 1 rows have READY matches'),
      lost(1, gone),
    ],
    ['not rows(list) == 2', applies('3 rows'), not('2 rows'), lost(2, gone)],
    [
      'rows(list) == 3 and status(health) == 503',
      applies('3 rows, status 503'),
      not('2 rows'),
      lost(2, gone),
    ],
    [
      'rows(list) > 3 or json("$.spec.replicas", "spec") == 3',
      applies('\\$\\.spec\\.replicas is 3'),
      not('2 rows, \\$\\.spec\\.replicas is 2'),
      lost(2, gone),
    ],
  ],
});

const podRows = (...rows: readonly (readonly [ready: string, status: string, restarts: string])[]): string =>
  [
    'NAME        READY   STATUS             RESTARTS      AGE',
    ...rows.map(
      ([ready, status, restarts], at) =>
        `payment-${at}   ${ready}     ${status.padEnd(18)} ${restarts.padEnd(13)} 14m`,
    ),
    '',
  ].join('\n');

/** What its looks find in the first round and in the second; in the third nothing is there. */
export const filesRead: readonly Readonly<Record<string, string>>[] = [
  {
    'pods.txt': podRows(
      ['0/1', 'ImagePullBackOff', '0'],
      ['0/1', 'OOMKilled', '12 (3m ago)'],
      ['0/1', 'Evicted', '0'],
      ['1/1', 'Terminating', '0'],
      ['1/1', 'Running', '0'],
    ),
    'app.log': 'level=info up\nlevel=error POST /pay 503\nlevel=error POST /pay 503\n',
    'psql.txt': ' count \n-------\n    97\n(1 row)\n',
    'ready.txt': 'ready\n',
  },
  {
    'pods.txt': podRows(['1/1', 'Running', '0'], ['1/1', 'Running', '0']),
    'app.log': 'level=info up\nlevel=info POST /pay 200\n',
    'psql.txt': ' count \n-------\n    12\n(1 row)\n',
  },
];

const fence = (attributes: Readonly<Record<string, string>>, ...lines: readonly string[]): string =>
  ['```bash ' + JSON.stringify(attributes), ...lines, '```', ''].join('\n');

/** Looks are run together by their tag; nothing else of the runbook ever runs. */
export const textOf = ({ title, looks, cases }: Book): string =>
  [
    `### ${title}`,
    '',
    ...looks.map(({ name, command, timeout, asserts = {} }) => {
      const all = Object.keys(asserts).join('; ');
      return fence(
        {
          name,
          tag: 'look',
          ...(timeout === undefined ? {} : { 'ir.timeout': timeout }),
          ...(all === '' ? {} : { 'ir.assert': all }),
        },
        `# Look: ${name}`,
        command,
      );
    }),
    ...cases.map(([condition], at) =>
      condition.startsWith('If')
        ? fence({ name: `case-${at}` }, `# ${condition}`, 'echo act')
        : fence({ name: `case-${at}`, 'ir.when': condition }, `# Act ${at}`, 'echo act'),
    ),
  ].join('\n');
