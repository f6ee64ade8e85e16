import type { JsonPath, JsonPathNode, JsonPathPart } from '../../../core/plan/kubectl/jsonPath.ts';
import { parseJsonPath } from '../../../core/plan/kubectl/jsonPath.ts';
import { compactJson } from '../objects/yaml.ts';

/** What a path finds, or why it cannot be followed here. */
export type Found<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

class Unfit {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}
const unfit = (why: string): never => {
  throw new Unfit(why);
};

function attempt<T>(work: () => T): Found<T> {
  try {
    return { ok: true, value: work() };
  } catch (thrown) {
    if (thrown instanceof Unfit) return { ok: false, message: thrown.why };
    throw thrown;
  }
}

/**
 * What a template's paths find in `data`, one list for each path; a field that is missing finds nothing, as kubectl's
 * `--allow-missing-template-keys`. Source: client-go `util/jsonpath`.
 */
export function findJsonPath(template: string, data: unknown): Found<readonly (readonly unknown[])[]> {
  return attempt(() => results(partsOf(template), data));
}

/** A template filled from `data`: texts as they are, several results a space apart, maps and lists as JSON. */
export function renderJsonPath(template: string, data: unknown): Found<string> {
  return attempt(() =>
    results(partsOf(template), data)
      .map((found) => found.map(printed).join(' '))
      .join(''),
  );
}

const partsOf = (template: string): readonly JsonPathPart[] =>
  parseJsonPath(template) ?? unfit(`the template ${template} cannot be read`);

const printed = (value: unknown): string =>
  value === null
    ? 'null'
    : typeof value === 'object'
      ? compactJson(value)
      : typeof value === 'string'
        ? value
        : String(value as number);

function results(parts: readonly JsonPathPart[], data: unknown): (readonly unknown[])[] {
  return parts.flatMap((part): (readonly unknown[])[] => {
    if (part.kind === 'literal') return [[part.text]];
    if (part.kind === 'path') return [follow(part.path, [data])];
    return follow(part.over, [data]).flatMap((each) => results(part.body, each));
  });
}

const follow = (path: JsonPath, from: readonly unknown[]): readonly unknown[] =>
  path.reduce((values, node) => step(values, node), from);

function step(values: readonly unknown[], node: JsonPathNode): readonly unknown[] {
  switch (node.kind) {
    case 'text':
      return [node.text];
    case 'number':
    case 'bool':
      return values.map(() => node.value);
    case 'field':
      return values.flatMap((value) =>
        isMap(value) && Object.hasOwn(value, node.text) ? [value[node.text]] : [],
      );
    case 'wildcard':
      return values.flatMap(children);
    case 'recursive':
      return values.flatMap(descend);
    case 'slice':
      return values.flatMap((value) => (value === null ? [] : slice(value, node)));
    case 'union':
      return node.paths.flatMap((path) => follow(path, values));
    case 'filter':
      return values.flatMap((value) => {
        if (!Array.isArray(value))
          return unfit(`${nameOf(value)} is not array or slice and cannot be filtered`);
        return (value as unknown[]).filter((each) => holds(each, node));
      });
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const children = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : isMap(value) ? Object.values(value) : [];

function descend(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  const inner = children(value);
  return inner.length === 0 ? [] : [value, ...inner.flatMap(descend)];
}

const nameOf = (value: unknown): string =>
  isMap(value) ? 'map[string]interface {}' : typeof value === 'number' ? 'int64' : typeof value;

function slice(value: unknown, node: Extract<JsonPathNode, { kind: 'slice' }>): readonly unknown[] {
  if (!Array.isArray(value)) return unfit(`${nameOf(value)} is not array or slice`);
  const list = value as unknown[];
  const from = (index: number): number => (index < 0 ? index + list.length : index);
  const start = from(node.start ?? 0);
  const end = node.single ? start + 1 : from(node.end ?? list.length);
  const bounds = (index: number): string =>
    `array index out of bounds: index ${index}, length ${list.length}`;
  if (start === end) return [];
  if (start >= list.length || start < 0) unfit(bounds(start));
  if (end > list.length || end < 0) unfit(bounds(end - 1));
  if (start > end) unfit(`starting index ${start} is greater than ending index ${end}`);
  const every = node.step ?? 1;
  if (every <= 0) unfit('step must be > 0');
  return list.slice(start, end).filter((_, index) => index % every === 0);
}

function holds(each: unknown, node: Extract<JsonPathNode, { kind: 'filter' }>): boolean {
  const lefts = follow(node.left, [each]);
  if (node.operator === 'exists') return lefts.length > 0;
  if (lefts.length === 0) return false;
  const rights = follow(node.right, [each]);
  if (rights.length === 0) return false;
  if (lefts.length > 1 || rights.length > 1) unfit('can only compare one element at a time');
  const [left, right] = [lefts[0], rights[0]];
  if (typeof left !== typeof right) unfit('incompatible types for comparison');
  if (typeof left !== 'string' && typeof left !== 'number' && typeof left !== 'boolean')
    return unfit('invalid type for comparison');
  const other = right as typeof left;
  switch (node.operator) {
    case '==':
      return left === other;
    case '!=':
      return left !== other;
    case '<':
      return left < other;
    case '<=':
      return left <= other;
    case '>':
      return left > other;
    default:
      return left >= other;
  }
}
