import { pathPattern } from './logPattern.ts';
import type { LogsRead } from './reading.ts';

const mostEndpoints = 200;
const shownEndpoints = 20;

/** A level that says error, or a word that a person would stop at. */
const tells = /\b(?:error|err|fatal|panic|critical|exception|severe)\b/i;
const request = /\b(GET|HEAD|POST|PUT|PATCH|DELETE)[ "]+(\/[^\s"?#]*)/;
const jsonMethod = /"(?:method|http_method|verb)"\s*:\s*"([A-Z]{3,7})"/;
const jsonPath = /"(?:path|url|uri|endpoint|route)"\s*:\s*"(?:https?:\/\/[^/"]+)?(\/[^"?#]*)/;
const pair = /\b(?:path|url|uri|endpoint|route)=("?)(\/[^\s"?#]*)\1/;
const serverError = /\b(?:status|code|status_code)["=: ]+"?5\d\d\b|HTTP\/[\d.]+"?\s+5\d\d\b|"\s5\d\d\s/;

/** Whether a line tells of an error: by its level, a word a person would stop at, or a status of 500 and up. */
export const tellsOfError = (text: string): boolean => saysError(text) || serverError.test(text);

/** The same by its words alone. */
export const saysError = (text: string): boolean => tells.test(text);

export interface LogReader {
  line(text: string): void;
  logs(): LogsRead;
}

/** Counts the lines that tell of an error, and which requests they name; ids in paths count as one. */
export function createLogReader(): LogReader {
  let errors = 0;
  const byEndpoint = new Map<string, number>();
  return {
    line(text) {
      if (!tellsOfError(text)) return;
      errors++;
      const endpoint = endpointOf(text);
      if (endpoint === undefined) return;
      if (byEndpoint.size < mostEndpoints || byEndpoint.has(endpoint))
        byEndpoint.set(endpoint, (byEndpoint.get(endpoint) ?? 0) + 1);
    },
    logs: () => ({
      errors,
      byEndpoint: [...byEndpoint]
        .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
        .slice(0, shownEndpoints)
        .map(([endpoint, count]) => ({ endpoint, errors: count })),
    }),
  };
}

function endpointOf(text: string): string | undefined {
  const [, method, path] = request.exec(text) ?? [];
  const found = path ?? jsonPath.exec(text)?.[1] ?? pair.exec(text)?.[2];
  if (found === undefined) return undefined;
  const named = method ?? jsonMethod.exec(text)?.[1];
  const general = pathPattern(found);
  return named === undefined ? general : `${named} ${general}`;
}
