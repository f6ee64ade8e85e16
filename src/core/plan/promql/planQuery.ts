import type { Step } from '../../guide/guide.ts';
import { queriesOfSet, setNamedBy, setNames } from '../../metrics/exporterSets.ts';
import { measures, queriesOfSettings } from '../../metrics/findServiceMetrics.ts';
import { unitOf } from '../../metrics/units.ts';
import type { QueryPlan, Trap } from '../plan.ts';
import type { PlanContext } from '../readCommand.ts';
import { raisedByGuide } from '../risk.ts';
import { timeoutOf } from '../timeout.ts';
import { invalidValues } from '../traps.ts';
import { fillQuery } from './fillQuery.ts';

/** A fence of PromQL: one query, drawn from an hour before the incident began. */
export function planQuery(step: Step, written: string, context: PlanContext): QueryPlan {
  const { query, missing, invalid, foreign } = fillQuery(written, context.values, step.document?.inputs);
  const id = step.attributes['name']?.trim() || 'query';
  return {
    ...base(step, context, [...invalidValues(invalid), ...foreign.map(notUnderstood)]),
    original: written,
    preview: query,
    missing,
    queries: [{ id, title: step.text, query, unit: unitOf(query) }],
  };
}

/**
 * A step by hand that says "See PostgreSQL metrics" or "See service metrics", where a Prometheus is there to see them in;
 * else undefined.
 */
export function planMetricSet(step: Step, context: PlanContext): QueryPlan | undefined {
  const set = context.metrics && setNamedBy([step.text, ...step.details]);
  if (set === undefined) return undefined;
  if (set === 'service') return planServiceMetrics(step, context);
  const queries = queriesOfSet(set, context.metrics?.thresholds);
  return {
    ...base(step, context, []),
    original: [step.text, ...step.details].join('\n'),
    preview: [`# ${setNames[set]}`, ...queries.flatMap(({ title, query }) => [`# ${title}`, query])].join(
      '\n',
    ),
    missing: [],
    queries,
    set,
  };
}

/** Names of metrics differ from server to server: what the settings do not name is looked for when it runs. */
function planServiceMetrics(step: Step, context: PlanContext): QueryPlan {
  // The placeholder is there for what it asks for: a service that nobody has named yet.
  const { missing, invalid } = fillQuery('{service="$service"}', context.values, step.document?.inputs);
  const service = context.values['service'] ?? '';
  const { namespace } = context.target;
  const settings = context.metrics?.queries ?? {};
  const queries = queriesOfSettings(settings, service, namespace);
  const sought = Object.entries(measures).filter(([measure]) => !queries.some(({ id }) => id === measure));
  const titles = sought.map(([, { title }]) => title).join(', ');
  return {
    ...base(step, context, invalidValues(invalid)),
    original: [step.text, ...step.details].join('\n'),
    preview: [
      `# ${setNames.service}${service === '' ? '' : ` of ${service}`}`,
      ...queries.flatMap(({ title, query }) => [`# ${title}`, query]),
      ...(titles === '' ? [] : [`# Looked for by the usual names when it runs: ${titles}`]),
    ].join('\n'),
    missing,
    queries,
    set: 'service',
    find: { service, namespace, settings },
  };
}

const base = (step: Step, { metrics, onsetAt, target }: PlanContext, traps: readonly Trap[]) => ({
  kind: 'query' as const,
  stepId: step.id,
  risk: raisedByGuide('read', step.attributes['ir.risk']),
  target,
  traps: [...traps, ...(metrics ? [] : [noPrometheus])],
  timeoutMs: timeoutOf(step, 'read'),
  server: metrics?.server,
  ...(onsetAt === undefined ? {} : { onsetAt }),
});

const noPrometheus: Trap = {
  code: 'no-prometheus',
  message:
    'No Prometheus is set, so nobody can be asked. Set incident.prometheus.baseUrl (Prometheus, Thanos, Mimir, VictoriaMetrics).',
  blocks: true,
};

const notUnderstood = (variable: string): Trap => ({
  code: 'not-understood',
  message: `${variable} is a variable that only Grafana gives a value. Write a duration or a placeholder such as $service in its place.`,
  blocks: true,
});
