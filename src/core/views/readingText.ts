import { withoutEndpoints } from '../judge/conditionWords.ts';
import type { LogsRead, Reading } from '../judge/reading.ts';

/** Endpoints that are named before the rest are counted together. */
const endpointsNamed = 5;

/**
 * What a run's output says that a person would have to count or look up: errors by the endpoint that lines name, and
 * what stands behind the services shown. Sentences without a capital; empty where there is nothing of the kind.
 */
export function readingLines(reading: Reading | undefined): readonly string[] {
  if (!reading) return [];
  const { logs, services } = reading;
  return [
    ...(logs && logs.errors > 0 ? [errorsText(logs)] : []),
    ...(services ? [withoutEndpoints(reading).because] : []),
  ];
}

function errorsText({ errors, byEndpoint }: LogsRead): string {
  const named = byEndpoint.reduce((sum, each) => sum + each.errors, 0);
  const first = byEndpoint.slice(0, endpointsNamed).map((each) => `${each.endpoint} ${each.errors}`);
  const others = byEndpoint.slice(endpointsNamed).reduce((sum, each) => sum + each.errors, 0);
  const listed = [...first, ...(others > 0 ? [`others ${others}`] : [])].join(', ');
  const told = `${errors} ${errors === 1 ? 'line tells' : 'lines tell'} of errors`;
  const rest = errors - named;
  if (listed === '') return `${told}, and none names an endpoint`;
  return `${told}: ${listed}${rest > 0 ? `; ${rest} ${rest === 1 ? 'names' : 'name'} no endpoint` : ''}`;
}
