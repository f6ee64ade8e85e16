import { oneBullet, oneCommand, oneSentence, oneService, oneShown, type Any } from './guideProse.ts';

/** One file of a folder of guides. */
export interface MadeGuide {
  readonly file: string;
  readonly text: string;
}

/** Pseudo-random numbers that are the same on every machine: mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What people really wrote once, and what reading must get over. */
const handMade: readonly string[] = [
  '# Alert\n\n## Meaning\n\nToo few replicas.\n\n## Diagnosis\n\n- Look: `kubectl get deploy -n $NAMESPACE`\n  - deeper: `kubectl describe deploy`\n\n## Mitigation\n\n```console\n$ kubectl rollout restart deploy/web\ndeployment.apps/web restarted\n```\n',
  '# Runbooks\n\n### Never closed\n\n```bash\nkubectl get pods\n\n### Next one\n\nText.\n',
  '---\nshell: bash\ncwd: ../..\n---\n\n# Ops\n\n| Severity | Response Time |\n|---|---|\n| P0 | 5 min |\n| P1 |\n\n## Runbooks\n\n### Cache\n\n```sh { name=flush interactive=false }\nredis-cli FLUSHALL\n```\n',
  '# 障害対応\n\n## Runbooks\n\n### 高負荷\n\n```bash\n# 1. ポッドを確認\nkubectl get pods -n 本番\n```\n',
  '# Tables\n\n## Runbooks\n\n### Commands in a table\n\n| Step | Command |\n|---|---|\n| 1 | `kubectl get pods` |\n| 2 | `kubectl top pods` |\n',
  '# Checklist\n\n### Phase 1: Triage (0-15 min)\n\n- [ ] Page\n- [ ] Channel\n\n### Phase 2: Diagnosis (15-45 min)\n\n1. Do\n\n   ```bash\n   kubectl get nodes\n   ```\n',
  '\u0000\uFEFF# Odd bytes \u202e\n\n## Runbooks\n\n### \u001b[2J\n\n```bash {"name":\n\u0007\n```\n',
  `# Deep\n\n${'> '.repeat(200)}quoted\n\n${'- '.repeat(200)}listed\n`,
  `# Long line\n\n## Runbooks\n\n### One\n\n\`\`\`bash\nkubectl get pods ${'-l app=x '.repeat(3_000)}\n\`\`\`\n`,
  '<!-- incident: severites -->\n\n| Name | Time |\n|---|---|\n| A | soon |\n',
];

/**
 * `count` guides and runbooks, hand-made ones first and then generated ones: the same at every call. Sizes and how much
 * of a file is commands are those of public collections of runbooks (docs/decisions/0016-check-in-twice-markdown.md).
 */
export function manyGuides(count: number): readonly MadeGuide[] {
  const next = numbers(20_261_128);
  const any: Any = (list) => {
    const [first, ...more] = list;
    if (first === undefined) throw new Error('there is nothing to choose from');
    return list[Math.floor(next() * list.length)] ?? more[0] ?? first;
  };
  const made = handMade.map((text, at) => ({ file: `hand-made/${at + 1}.md`, text }));
  while (made.length < count) {
    const at = made.length;
    const write = any([
      alertRunbook,
      alertRunbook,
      alertRunbook,
      servicePage,
      servicePage,
      teamPage,
      incidentGuide,
    ]);
    made.push({ file: `team-${at % 40}/runbook-${at}.md`, text: `${write(at, any).join('\n\n')}\n` });
  }
  return made.slice(0, count);
}

const times = (count: number, write: () => string): readonly string[] => Array.from({ length: count }, write);
const paragraph = (any: Any): string =>
  times(any([1, 2, 2, 3]), () => oneSentence(any)).join(any([' ', '\n']));
const list = (any: Any): string => times(any([2, 3, 4]), () => `- ${oneBullet(any)}`).join('\n');

/** Most fences have none. */
const attributes = [
  ' {"name":"check","ir.risk":"read"}',
  ' { name=logs ir.assert="exit == 0" }',
  ' {ir.when="pods pending"',
  ' { ir.rsik=read }',
] as const;

/** A fence with one command, or with some behind numbered comments. */
function fence(any: Any): string {
  const info = `${any(['bash', 'sh', 'shell', 'console', ''])}${any([0, 1, 2, 3, 4, 5, 6, 7]) === 0 ? any(attributes) : ''}`;
  const sign = info.startsWith('console') ? '$ ' : '';
  const count = any([1, 1, 1, 1, 2, 3]);
  const lines =
    count === 1
      ? [sign + oneCommand(any)]
      : Array.from(
          { length: count },
          (_each, step) =>
            `# ${step + 1}. ${any(['Check', 'If pods pending, look', 'Mitigate'])}\n${sign}${oneCommand(any)}`,
        );
  return `\`\`\`${info}\n${lines.join('\n\n')}\n\`\`\``;
}

/** Prose, and now and then a list, a fence to run, something shown. */
const passage = (any: Any): readonly string[] => [
  paragraph(any),
  ...any([[], [], [list(any)]]),
  ...any([[], [paragraph(any)], [paragraph(any), fence(any)]]),
  ...any([[], [], [], [paragraph(any), oneShown(any)]]),
];

/** The form of the Prometheus world; many of them are short. */
function alertRunbook(at: number, any: Any): readonly string[] {
  const length = any([0, 0, 1, 2, 4]);
  const some = (): readonly string[] => times(length, () => passage(any).join('\n\n'));
  return [
    ...any([[], ['---\ntitle: An alert\nweight: 20\n---']]),
    `# ${any(['Pod', 'Node', 'Queue', 'Certificate', 'Database'])}Alert${at}`,
    '## Meaning',
    paragraph(any),
    '## Impact',
    oneSentence(any),
    '## Diagnosis',
    paragraph(any),
    ...some(),
    '## Mitigation',
    paragraph(any),
    ...some(),
  ];
}

/** A page about a service: what it is, how to look at it, what to do; steps in lists with fences below their items. */
function servicePage(at: number, any: Any): readonly string[] {
  const titles = [
    'Overview',
    'Logs',
    'How to restart',
    'It does not start',
    'Disk is full',
    'Slow answers',
    'Restore',
  ];
  const step = (number: number): string => {
    const indented = fence(any)
      .split('\n')
      .map((line) => (line === '' ? '' : `   ${line}`));
    return `${number}. ${oneSentence(any)}\n\n${indented.join('\n')}`;
  };
  return [
    `# ${oneService(any)} ${at}`,
    paragraph(any),
    '| Resource | Address |\n|---|---|\n| Dashboard | [overview](https://grafana.example.com/d/a) |\n| Owner | `#team` |',
    ...titles
      .slice(0, any([2, 3, 4, 5, 7]))
      .flatMap((title) => [
        `## ${title}`,
        ...passage(any),
        ...any([[], [`### ${any(['Symptoms', 'By hand', 'Notes'])}`, paragraph(any), list(any)]]),
        ...any([[], [], [1, 2].map(step)]),
      ]),
  ];
}

/** A team's runbooks on one page. */
function teamPage(at: number, any: Any): readonly string[] {
  return [
    `# Runbooks of team ${at}`,
    paragraph(any),
    '## Runbooks',
    ...times(any([2, 3, 4]), () =>
      [
        `### ${any(['High latency', 'Errors', 'Disk full', 'No replicas', 'Queue grows'])} ${any([1, 2, 3, 4])}`,
        paragraph(any),
        fence(any),
        ...passage(any),
      ].join('\n\n'),
    ),
  ];
}

/** Severities, escalation, phases, checklist, template, contacts: a whole guide. */
function incidentGuide(at: number, any: Any): readonly string[] {
  return [
    `# Incidents of ${oneService(any)} ${at}`,
    paragraph(any),
    '## Severities',
    '| Severity | Description | Response Time |\n|---|---|---|\n| SEV1 | Nobody can pay | 15 minutes |\n| SEV2 | Some cannot | 1 hour |\n| SEV3 | Slow | 1 day |',
    '## Escalation',
    '| Severity | Escalate to |\n|---|---|\n| SEV1 | Tech Lead, Engineering Manager |\n| SEV2 | Tech Lead |',
    '## Phase 1: Triage (0-10 min)',
    paragraph(any),
    '- [ ] Page the on-call\n- [ ] Open the channel\n- [ ] Name a lead',
    '## Phase 2: Diagnosis (10-40 min)',
    ...passage(any),
    '- What changed in the last hour?\n- Who is affected?\n- Is it getting worse?',
    fence(any),
    '## Phase 3: Mitigation (40-60 min)',
    ...['Roll back', 'Scale out', 'Switch the feature off'].flatMap((option, index) => [
      `### Option ${'ABC'[index] ?? ''}: ${option}`,
      paragraph(any),
      fence(any),
    ]),
    '## Phase 4: Resolution',
    'Update the channel every 30 minutes.',
    '```\n[time] Status: [what is known]\nNext update: [time]\n```',
    '## Runbooks',
    `### ${any(['Errors', 'High latency'])}`,
    ...passage(any),
    fence(any),
    '## Contacts',
    '| Role | Name | Contact |\n|---|---|---|\n| DBA | [Name] | [Phone] |\n| Network | Ana | #net |',
  ];
}
