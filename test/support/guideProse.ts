/** One of a list, by numbers that are the same on every machine. */
export type Any = <T>(list: readonly T[]) => T;

const services = 'checkout payments ledger search catalog identity gateway mailer billing inventory'.split(
  ' ',
);
const namespaces = 'production shop-prod payments infra-monitoring data-platform edge'.split(' ');
const workloads = 'api worker cache scheduler frontend consumer exporter proxy'.split(' ');
const metrics = [
  'http_requests_total',
  'process_open_fds',
  'kube_pod_container_status_restarts_total',
  'queue_messages_ready',
  'node_filesystem_avail_bytes',
] as const;
const files = ['/var/log/nginx/error.log', '/etc/haproxy/haproxy.cfg', 'config/production.yaml'] as const;
const nouns = [
  'the connection pool',
  'the write queue',
  'the cache',
  'the certificate',
  'replication',
] as const;

const regions = 'eu1 eu2 us1 us2 ap1 sa1 canary'.split(' ');
const service = (any: Any): string => `${any(services)}-${any(workloads)}-${any(regions)}`;
const label = (any: Any): string => any([`app=${any(services)}`, `app.kubernetes.io/name=${any(workloads)}`]);
const namespace = (any: Any): string =>
  any(['<namespace>', '$NAMESPACE', '{{namespace}}', ...namespaces, ...namespaces]);
const pod = (any: Any): string => any(['<pod>', '$POD', '<pod-name>', `${service(any)}-0`]);
const host = (any: Any): string =>
  `${any(services)}.${any(regions)}.${any(['example.com', 'internal.example.net'])}`;

/** Commands as runbooks have them, of which no two are likely to be the same. */
const commands: readonly ((any: Any) => string)[] = [
  (any) => `kubectl get pods -n ${namespace(any)} -l ${label(any)}`,
  (any) => `kubectl -n ${namespace(any)} logs deploy/${service(any)} --since=${any(['10m', '30m', '2h'])}`,
  (any) =>
    `kubectl logs -n ${namespace(any)} -l ${label(any)} --tail=200 | grep -i ${any(['error', 'timeout', 'refused'])}`,
  (any) => `kubectl describe pod ${pod(any)} -n ${namespace(any)}`,
  (any) => `kubectl get events -n ${namespace(any)} --sort-by=.lastTimestamp | tail -${any([20, 30, 50])}`,
  (any) => `kubectl rollout restart deployment/${service(any)} -n ${namespace(any)}`,
  (any) => `kubectl rollout undo deployment/${service(any)} -n ${namespace(any)}`,
  (any) =>
    `kubectl scale deployment ${any(['<app-name>', service(any)])} -n ${namespace(any)} --replicas=${any([3, 6, 10])}`,
  (any) =>
    `kubectl exec -it ${pod(any)} -n ${namespace(any)} -- psql -c "SELECT count(*) FROM pg_stat_activity"`,
  (any) => `kubectl patch ingress ${service(any)} -n ${namespace(any)} --patch '...'`,
  (any) => `kubectl top pods -n ${namespace(any)} --sort-by=memory | head -${any([5, 10])}`,
  (any) => `argocd app history ${any(['{{app}}', '<app>', service(any)])}`,
  (any) => `argocd app rollback ${service(any)} ${any(['<revision>', '12'])}`,
  (any) => `aws rds describe-db-instances --db-instance-identifier ${any(services)}-primary`,
  (any) => `curl -sI https://${host(any)}/health | head -1`,
  (any) => `curl -X POST https://flags.${host(any)}/api/flags/${any(['<feature>', 'new-checkout'])}/disable`,
  (any) => `ssh ${host(any)} 'sudo tail -n 100 ${any(files)}'`,
  (any) => `sudo systemctl ${any(['status', 'restart'])} ${service(any)}`,
  (any) =>
    `for p in $(kubectl get pods -n ${any(namespaces)} -o name); do kubectl describe $p | grep -A3 State; done`,
  (any) => `psql -h ${host(any)} -c "SELECT pid, state, query FROM pg_stat_activity WHERE state <> 'idle'"`,
  (any) => `du -sh /var/lib/${any(services)}/* | sort -h | tail -${any([5, 10, 20])}`,
  (any) =>
    `promtool query instant http://prometheus:9090 'sum(rate(${any(metrics)}{job="${any(services)}"}[5m]))'`,
  (any) => `redis-cli -h ${host(any)} info memory`,
  (any) =>
    `openssl s_client -connect ${host(any)}:443 -servername ${host(any)} </dev/null | openssl x509 -noout -enddate`,
];

export const oneCommand = (any: Any): string => any(commands)(any);

const sentences: readonly ((any: Any) => string)[] = [
  (any) =>
    `This alert fires when more than ${any([1, 5, 20])}% of the requests to \`${service(any)}\` fail for ${any([5, 10, 15])} minutes.`,
  (any) =>
    `Customers see ${any(['a blank page', 'an error', 'stale data', 'a slow page'])} and try again, which adds load to ${any(nouns)}.`,
  (any) =>
    `Look at the [dashboard](https://grafana.${host(any)}/d/${any(services)}/overview?orgId=1) first and compare with last week.`,
  (any) =>
    `The [scaling guide](../${any(services)}/scaling.md#limits) says how far \`${service(any)}\` may grow.`,
  () =>
    'A deploy within the last hour is the most likely cause. **Ask in the channel** before anything is rolled back.',
  (any) =>
    `The metric \`${any(metrics)}\` has the labels \`namespace\`, \`pod\` and \`job\`; together they say which instance is affected.`,
  (any) =>
    `If ${any(nouns)} is exhausted, new requests wait until *one of the old ones* gives up after ${any([10, 30, 60])} seconds.`,
  (any) => `Its settings are in \`${any(files)}\` and are read again only when the process starts.`,
  (any) =>
    `When the node was replaced, ${any(nouns)} is built again. This takes up to ${any([20, 40, 90])} minutes and looks like an outage.`,
  () =>
    'Work with the team that owns the service: they know which data may be removed and what must be kept for the audit.',
  (any) =>
    `The last time this happened the cause was a full disk on ${host(any)}, see [the report](https://tickets.${host(any)}/browse/OPS-${any([118, 2207, 431])}).`,
  (any) => `Nothing else depends on \`${service(any)}\`, so a restart is safe outside of the nightly batch.`,
  (any) => `Check that ${any(nouns)} is healthy with \`${oneCommand(any)}\` and read from the end.`,
  () => 'The first minutes count: write down what you saw and when, even when it turns out to be unrelated.',
];

export const oneSentence = (any: Any): string => any(sentences)(any);

const bullets: readonly ((any: Any) => string)[] = [
  (any) =>
    `**${any(['Traffic', 'Saturation', 'Errors', 'Latency'])}**: compare \`${any(metrics)}\` with the hour before`,
  (any) => `look for \`OOMKilled\` or \`CrashLoopBackOff\` in the events of \`${any(namespaces)}\``,
  (any) =>
    `ask [the on-call of ${any(services)}](https://pager.${host(any)}/schedules) whether a change is under way`,
  () => 'check whether the certificate was renewed in the last days',
  (any) => `run \`${oneCommand(any)}\``,
  (any) => `the limits of \`${service(any)}\` are too low for the traffic of a sale`,
];

export const oneBullet = (any: Any): string => any(bullets)(any);

/** What runbooks show that is nothing to run: queries, configuration, a command's answer. */
const shown: readonly ((any: Any) => string)[] = [
  (any) =>
    `\`\`\`promql\nsum(rate(${any(metrics)}{namespace="${any(namespaces)}"}[5m])) by (pod)\n  / sum(rate(${any(metrics)}[5m])) > 0.05\n\`\`\``,
  (any) =>
    `\`\`\`yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${service(any)}\n  namespace: ${any(namespaces)}\ndata:\n  maxConnections: "200"\n  timeoutSeconds: "30"\n\`\`\``,
  (any) =>
    `\`\`\`\nNAME                       READY   STATUS             RESTARTS   AGE\n${service(any)}-7c9f6d-x2x9k   0/1     CrashLoopBackOff   12         41m\n${service(any)}-7c9f6d-zz81q   1/1     Running            0          3d\n\`\`\``,
  (any) =>
    `\`\`\`sql\nSELECT relname, n_dead_tup FROM pg_stat_user_tables\nWHERE schemaname = '${any(services)}' ORDER BY n_dead_tup DESC LIMIT 10;\n\`\`\``,
];

export const oneShown = (any: Any): string => any(shown)(any);
export const oneService = service;
