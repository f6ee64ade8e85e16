import type { SlackChannel, SlackToken } from './slackState.ts';
import type { SlackStore } from './slackStore.ts';

/** An answer with `ok: false`. */
export class SlackRefusal extends Error {
  readonly error: string;
  /** Further fields beside `ok` and `error`. */
  readonly more: Readonly<Record<string, unknown>>;
  constructor(error: string, more: Readonly<Record<string, unknown>> = {}) {
    super(error);
    this.error = error;
    this.more = more;
  }
}

export const invalidArguments = (...messages: string[]): SlackRefusal =>
  new SlackRefusal('invalid_arguments', {
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });

/** The arguments of a call: from the query, form fields, or a JSON object. */
export interface SlackArguments {
  /** Undefined when absent; a number counts as its text. */
  text(name: string): string | undefined;
  /** Refuses with `invalid_arguments` when absent or empty. */
  required(name: string): string;
  flag(name: string): boolean;
  /** A whole number between 1 and `most`, `invalid_limit` else. */
  limit(usual: number, most: number): number;
  /** What is JSON, or a text that holds JSON; `problem` when it is neither. */
  json(name: string, problem: string): unknown;
}

export interface SlackCall {
  readonly store: SlackStore;
  readonly caller: SlackToken;
  /** The scopes of the method's page, for every kind of channel. */
  readonly accepted: readonly string[];
  readonly args: SlackArguments;
}

export type SlackAnswer = Readonly<Record<string, unknown>>;

export function readArguments(given: Readonly<Record<string, unknown>>): SlackArguments {
  const text = (name: string): string | undefined => {
    const value = given[name];
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
  };
  return {
    text,
    required(name) {
      const value = text(name);
      if (value === undefined || value === '') throw invalidArguments(`missing required field: ${name}`);
      return value;
    },
    flag: (name) => given[name] === true || ['true', '1'].includes(text(name) ?? ''),
    limit(usual, most) {
      const value = text('limit');
      if (value === undefined || value === '' || value === '0') return usual;
      if (!/^\d+$/.test(value) || Number(value) > most) throw new SlackRefusal('invalid_limit');
      return Number(value);
    },
    json(name, problem) {
      const value = given[name];
      if (typeof value !== 'string') return value;
      if (value === '') return undefined;
      try {
        return JSON.parse(value) as unknown;
      } catch {
        throw new SlackRefusal(problem);
      }
    },
  };
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Refuses unless the token has one of the scopes; `needed` and `provided` as Slack tells them. */
export function needScope({ caller }: Pick<SlackCall, 'caller'>, anyOf: readonly string[]): void {
  if (anyOf.length === 0 || anyOf.some((scope) => caller.scopes.includes(scope))) return;
  throw new SlackRefusal('missing_scope', { needed: anyOf.join(','), provided: caller.scopes.join(',') });
}

/**
 * The channel of the call; a private one that the caller is not in is not found, whoever asks. Of the accepted scopes
 * those of its kind count: `channels:…` for a public one, `groups:…` for a private one.
 */
export function channelOf(call: SlackCall): SlackChannel {
  const channel = call.store.channels.get(call.args.required('channel'));
  if (channel === undefined || (channel.isPrivate && !channel.members.has(call.caller.user)))
    throw new SlackRefusal('channel_not_found');
  const kind = channel.isPrivate ? 'groups:' : 'channels:';
  needScope(
    call,
    call.accepted.filter((scope) => scope.startsWith(kind)),
  );
  return channel;
}

export function needMembership({ caller }: SlackCall, channel: SlackChannel): void {
  if (!channel.members.has(caller.user)) throw new SlackRefusal('not_in_channel');
}

export function needOpen(channel: SlackChannel): void {
  if (channel.isArchived) throw new SlackRefusal('is_archived');
}

/** A page of a list behind an opaque cursor; `next` is '' on the last one, as Slack has it. */
export function pageOf<Item>(
  items: readonly Item[],
  { args }: SlackCall,
  limit: number,
  keyOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly next: string } {
  const cursor = args.text('cursor') ?? '';
  const key = Buffer.from(cursor, 'base64').toString('utf8');
  const start = cursor === '' ? 0 : items.findIndex((item) => keyOf(item) === key);
  if (start < 0) throw new SlackRefusal('invalid_cursor');
  const after = items[start + limit];
  return {
    items: items.slice(start, start + limit),
    next: after === undefined ? '' : Buffer.from(keyOf(after)).toString('base64'),
  };
}
