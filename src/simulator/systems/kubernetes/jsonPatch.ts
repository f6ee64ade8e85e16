import { isDeepStrictEqual } from 'node:util';
import type { Json, Patched } from './patch.ts';

type Step =
  { readonly ok: true; readonly value: Json | undefined } | { readonly ok: false; readonly why: string };
const step = (value: Json | undefined): Step => ({ ok: true, value });
const stuck = (why: string): { ok: false; why: string } => ({ ok: false, why });

const tokensOf = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

const isIndex = (token: string): boolean => /^(0|[1-9]\d*)$/.test(token);

function read(document: Json, tokens: readonly string[]): Step {
  let value: Json | undefined = document;
  for (const token of tokens) {
    if (Array.isArray(value)) value = isIndex(token) ? value[Number(token)] : undefined;
    else value = value !== null && typeof value === 'object' ? value[token] : undefined;
    if (value === undefined) return stuck(`there is nothing at /${tokens.join('/')}`);
  }
  return step(value);
}

type Edit = { readonly kind: 'add' | 'replace'; readonly value: Json } | { readonly kind: 'remove' };

function write(document: Json, tokens: readonly string[], edit: Edit): Step {
  const [token, ...rest] = tokens;
  if (token === undefined) return edit.kind === 'remove' ? step(undefined) : step(edit.value);
  if (Array.isArray(document)) return writeInList(document, token, rest, edit);
  if (document === null || typeof document !== 'object') return stuck(`"${token}" is not inside an object`);
  const current = document[token];
  if (current === undefined && (rest.length > 0 || edit.kind !== 'add'))
    return stuck(`there is no "${token}"`);
  const inner =
    rest.length === 0 && edit.kind === 'add' ? step(edit.value) : write(current ?? null, rest, edit);
  if (!inner.ok) return inner;
  const { [token]: _before, ...others } = document;
  return step(inner.value === undefined ? others : { ...document, [token]: inner.value });
}

function writeInList(list: readonly Json[], token: string, rest: readonly string[], edit: Edit): Step {
  const index = token === '-' ? list.length : isIndex(token) ? Number(token) : -1;
  const limit = rest.length === 0 && edit.kind === 'add' ? list.length : list.length - 1;
  if (index < 0 || index > limit) return stuck(`there is no element "${token}"`);
  if (rest.length === 0 && edit.kind === 'add') return step(list.toSpliced(index, 0, edit.value));
  const inner = write(list[index] ?? null, rest, edit);
  if (!inner.ok) return inner;
  return step(inner.value === undefined ? list.toSpliced(index, 1) : list.with(index, inner.value));
}

function applyOne(document: Json, operation: Json): Step {
  if (operation === null || typeof operation !== 'object' || Array.isArray(operation)) {
    return stuck('an operation is an object');
  }
  const { op, path, from, value } = operation;
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/')))
    return stuck('"path" is no JSON pointer');
  const tokens = tokensOf(path);
  switch (op) {
    case 'add':
    case 'replace':
      return value === undefined ? stuck('"value" is missing') : write(document, tokens, { kind: op, value });
    case 'remove':
      return write(document, tokens, { kind: 'remove' });
    case 'test': {
      const found = read(document, tokens);
      return found.ok && isDeepStrictEqual(found.value, value)
        ? step(document)
        : stuck(`testing ${path} failed`);
    }
    case 'move':
    case 'copy': {
      if (typeof from !== 'string') return stuck('"from" is missing');
      const source = read(document, tokensOf(from));
      if (!source.ok || source.value === undefined) return stuck(`there is nothing at ${from}`);
      const kept = op === 'copy' ? step(document) : write(document, tokensOf(from), { kind: 'remove' });
      return kept.ok ? write(kept.value ?? null, tokens, { kind: 'add', value: source.value }) : kept;
    }
    default:
      return stuck(`"${String(op)}" is no operation`);
  }
}

/** Applies a JSON Patch (RFC 6902), all of it or nothing. The document itself is never changed. */
export function jsonPatch(document: Json, operations: readonly Json[]): Patched {
  let current: Json = document;
  for (const operation of operations) {
    const next = applyOne(current, operation);
    if (!next.ok) return next;
    if (next.value === undefined) return { ok: false, why: 'the whole document would be removed' };
    current = next.value;
  }
  return { ok: true, value: current };
}
