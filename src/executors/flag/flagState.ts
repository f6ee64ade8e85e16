import type { FlagAction } from '../../core/plan/curl/flagAction.ts';

export type FlagState = 'enabled' | 'disabled';

/**
 * The state in a service's answer: of Unleash the environment's `enabled`, of LaunchDarkly its `on`, of any other
 * service a boolean `enabled`, `on`, `active` or `state` at the top or one level below. Undefined when none is there.
 */
export function parseFlagState(action: FlagAction, text: string): FlagState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  switch (action.provider) {
    case 'unleash': {
      const environments = member(value, 'environments');
      const own = Array.isArray(environments)
        ? environments.find((each) => member(each, 'name') === action.environment)
        : undefined;
      return stateOf(member(own, 'enabled'));
    }
    case 'launchdarkly':
      return stateOf(member(member(member(value, 'environments'), action.environment ?? ''), 'on'));
    case 'generic':
      return genericState(value, action.environment);
  }
}

const names = ['enabled', 'on', 'active', 'state'];

function genericState(value: unknown, environment: string | undefined): FlagState | undefined {
  const found = new Set<FlagState>();
  const inner = typeof value === 'object' && value !== null ? Object.values(value) : [];
  for (const each of [value, ...(direct(value) ? [] : inner)]) {
    const state = direct(each);
    if (state) found.add(state);
  }
  if (found.size === 1) return [...found][0];
  // Several environments in different states: only the configured one's counts.
  return environment === undefined
    ? undefined
    : (direct(member(value, environment)) ?? direct(member(member(value, 'environments'), environment)));
}

function direct(value: unknown): FlagState | undefined {
  for (const name of names) {
    const state = stateOf(member(value, name));
    if (state) return state;
  }
  return undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** A boolean, or one of the words that services write for it. */
function stateOf(value: unknown): FlagState | undefined {
  if (typeof value === 'boolean') return value ? 'enabled' : 'disabled';
  if (typeof value !== 'string') return undefined;
  if (/^(?:on|enabled|true)$/i.test(value)) return 'enabled';
  return /^(?:off|disabled|false)$/i.test(value) ? 'disabled' : undefined;
}
