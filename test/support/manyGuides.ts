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

const commands = [
  'kubectl get pods -n <namespace> -l app=<service>',
  'kubectl -n $NAMESPACE logs deploy/$SERVICE --since=30m | grep -i error',
  'kubectl scale deployment <app-name> -n production --replicas=10',
  "kubectl patch ingress <app-name> -n production --patch '...'",
  'argocd app history {{app}}',
  'aws rds describe-db-instances --db-instance-identifier techcorp-primary',
  'curl -X POST https://flags.example.com/api/flags/<feature>/disable',
  'curl -sI https://api.example.com/health | head -1',
  'for p in $(kubectl get pods -o name); do kubectl describe $p; done',
  'kubectl exec -it <pod> -n production -- psql -c "SELECT count(*) FROM pg_stat_activity"',
  'promtool query instant http://prometheus:9090 \'sum(rate(http_requests_total{code=~"5.."}[5m]))\'',
] as const;

const prose = [
  'The service answers with errors, or does not answer at all. Customers see a blank page after the payment.',
  'Look at the [dashboard](https://grafana.example.com/d/abc) first; the [scaling guide](scaling.md) has the limits.',
  'A deploy within the last hour is the most likely cause. **Ask in the channel** before anything is rolled back.',
  '> When two regions are affected, this is a SEV1 whatever the table says.',
  'Use `kubectl -n $NAMESPACE get events --sort-by=.lastTimestamp` and read from the end.',
] as const;

const attributes = [
  '',
  ' {"name":"check","ir.risk":"read"}',
  ' { name=logs ir.assert="exit == 0" }',
  ' {ir.when="pods pending"',
  ' { ir.rsik=read }',
] as const;

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

/** `count` guides and alert runbooks, hand-made ones first and then generated ones: the same at every call. */
export function manyGuides(count: number): readonly MadeGuide[] {
  const next = numbers(20_261_128);
  const any = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const made = handMade.map((text, at) => ({ file: `hand-made/${at + 1}.md`, text }));
  while (made.length < count) {
    const at = made.length;
    made.push({ file: `team-${at % 40}/runbook-${at}.md`, text: oneGuide(at, next, any) });
  }
  return made.slice(0, count);
}

function oneGuide(at: number, next: () => number, any: <T>(list: readonly T[]) => T): string {
  const parts = [`# Service ${at}\n`, any(prose)];
  if (next() < 0.4)
    parts.push(
      '## Severities\n\n| Severity | Description | Response Time |\n|---|---|---|\n| SEV1 | Down | 15 minutes |\n| SEV2 | Slow | 1 hour |',
    );
  parts.push('## Runbooks');
  const runbooks = 1 + Math.floor(next() * 5);
  for (let one = 0; one < runbooks; one += 1) {
    parts.push(`### ${any(['High latency', 'Errors', 'Disk full', 'No replicas', 'Queue grows'])} ${one}`);
    for (let some = Math.floor(next() * 3); some >= 0; some -= 1) parts.push(any(prose));
    const steps = 1 + Math.floor(next() * 4);
    const lines = Array.from(
      { length: steps },
      (_each, step) =>
        `# ${step + 1}. ${any(['Check', 'If pods pending, look', 'Mitigate'])}\n${any(commands)}`,
    );
    parts.push(
      `\`\`\`${any(['bash', 'sh', 'console', ''])}${any(attributes)}\n${lines.join('\n\n')}\n\`\`\``,
    );
  }
  if (next() < 0.3)
    parts.push('## Contacts\n\n| Role | Name | Contact |\n|---|---|---|\n| DBA | [Name] | [Phone] |');
  return `${parts.join('\n\n')}\n`;
}
