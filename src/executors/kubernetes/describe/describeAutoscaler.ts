import { annotationLines, heading, labelLines, line, row, timeText } from './describeLines.ts';
import { at, listAt, numberAt, textAt } from '../look/look.ts';

/** kubectl's description of a HorizontalPodAutoscaler (`autoscaling/v2`): what it measures, where it stands. */
export function describeAutoscaler(object: unknown): string {
  const conditions = listAt(object, 'status.conditions');
  const target = textAt(object, 'spec.scaleTargetRef.kind');
  const current = listAt(object, 'status.currentMetrics');
  const behavior = at(object, 'spec.behavior');
  return (
    line('Name', textAt(object, 'metadata.name')) +
    line('Namespace', textAt(object, 'metadata.namespace')) +
    labelLines('Labels', object, 'metadata.labels') +
    annotationLines('Annotations', object, 'metadata.annotations') +
    line('CreationTimestamp', timeText(textAt(object, 'metadata.creationTimestamp'))) +
    line('Reference', `${target}/${textAt(object, 'spec.scaleTargetRef.name')}`) +
    line('Metrics', '( current / target )') +
    listAt(object, 'spec.metrics')
      .map((metric, index) => metricLine(metric, current[index]))
      .join('') +
    line('Min replicas', numberAt(object, 'spec.minReplicas') ?? '<unset>') +
    line('Max replicas', numberAt(object, 'spec.maxReplicas') ?? 0) +
    (behavior === undefined
      ? ''
      : heading('Behavior') +
        direction('Scale Up', at(behavior, 'scaleUp')) +
        direction('Scale Down', at(behavior, 'scaleDown'))) +
    line(
      `${target} pods`,
      `${numberAt(object, 'status.currentReplicas') ?? 0} current / ${numberAt(object, 'status.desiredReplicas') ?? 0} desired`,
    ) +
    (conditions.length === 0
      ? ''
      : heading('Conditions') +
        row(1, 'Type', 'Status', 'Reason', 'Message') +
        row(1, '----', '------', '------', '-------') +
        conditions
          .map((each) =>
            row(1, ...['type', 'status', 'reason', 'message'].map((field) => textAt(each, field))),
          )
          .join(''))
  );
}

const SOURCES: Readonly<Record<string, string>> = {
  External: 'external',
  Pods: 'pods',
  Object: 'object',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

function metricLine(metric: unknown, measured: unknown): string {
  const type = textAt(metric, 'type');
  const field = SOURCES[type];
  if (field === undefined) return `  <unknown metric type ${JSON.stringify(type)}>\n`;
  const source = at(metric, field);
  const now = at(measured, `${field}.current`);
  const average = textAt(source, 'target.averageValue');
  const isAverage = average !== '';
  const value = (path: string): string => textAt(now, path) || '<unknown>';
  const target = isAverage ? average : textAt(source, 'target.value');
  const both = `${value(isAverage ? 'averageValue' : 'value')} / ${target}`;
  const name = textAt(source, 'metric.name');
  switch (type) {
    case 'External':
      return line(`"${name}" (target ${isAverage ? 'average ' : ''}value)`, both, 1);
    case 'Pods':
      return line(`"${name}" on pods`, `${value('averageValue')} / ${average}`, 1);
    case 'Object': {
      const about = `${textAt(source, 'describedObject.kind')}/${textAt(source, 'describedObject.name')}`;
      return line(`"${name}" on ${about} (target ${isAverage ? 'average ' : ''}value)`, both, 1);
    }
    default: {
      const container = textAt(source, 'container');
      const what = `resource ${textAt(source, 'name')}${container === '' ? '' : ` of container "${container}"`} on pods`;
      if (isAverage) return line(what, both, 1);
      const used = numberAt(now, 'averageUtilization');
      const wanted = numberAt(source, 'target.averageUtilization');
      const shown = used === undefined ? '<unknown>' : `${used}% (${textAt(now, 'averageValue')})`;
      return line(
        `${what}  (as a percentage of request)`,
        `${shown} / ${wanted === undefined ? '<auto>' : `${wanted}%`}`,
        1,
      );
    }
  }
}

function direction(title: string, rules: unknown): string {
  if (rules === undefined) return '';
  const window = numberAt(rules, 'stabilizationWindowSeconds');
  const policies = listAt(rules, 'policies');
  return (
    heading(title, 1) +
    (window === undefined ? '' : row(2, `Stabilization Window: ${window} seconds`)) +
    (policies.length === 0
      ? ''
      : row(2, `Select Policy: ${textAt(rules, 'selectPolicy') || 'Max'}`) +
        heading('Policies', 2) +
        policies
          .map((each) =>
            row(
              3,
              `- Type: ${textAt(each, 'type')}`,
              `Value: ${textAt(each, 'value')}`,
              `Period: ${textAt(each, 'periodSeconds')} seconds`,
            ),
          )
          .join(''))
  );
}
