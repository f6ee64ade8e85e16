/** One request that the simulated flag services received; `path` has the query. */
export interface FlagRequestSeen {
  readonly method: string;
  readonly path: string;
}

/** A flag that was switched; `at` in ms since 1970. */
export interface FlagSwitch {
  readonly id: number;
  readonly at: number;
  readonly flag: string;
  readonly environment: string;
  readonly on: boolean;
}

/** The flags of the simulated production, each on or off per environment. */
export interface FlagStore {
  /** The one token that all of the simulated flag services take. */
  readonly token: string;
  readonly project: string;
  readonly environments: readonly string[];
  readonly requests: readonly FlagRequestSeen[];
  /** Oldest first. */
  readonly switches: readonly FlagSwitch[];
  names(): readonly string[];
  /** Undefined for a flag or an environment that does not exist. */
  isOn(flag: string, environment: string): boolean | undefined;
  set(flag: string, environment: string, on: boolean): void;
  onCall(method: string, path: string): void;
}

const requestsKept = 10_000;

/** The flags as they are when the simulated production starts; none of them changes anything in it. `now` in ms. */
export function createFlagStore(now: () => number): FlagStore {
  const environments = ['development', 'production'];
  const flags = new Map<string, Map<string, boolean>>(
    (
      [
        ['payment-new-provider', true],
        ['checkout-fast-path', false],
      ] as const
    ).map(([name, on]) => [
      name,
      new Map([
        ['development', true],
        ['production', on],
      ] as const),
    ]),
  );
  const requests: FlagRequestSeen[] = [];
  const switches: FlagSwitch[] = [];
  return {
    token: 'simulated-flag-word',
    project: 'default',
    environments,
    requests,
    switches,
    names: () => [...flags.keys()],
    isOn: (flag, environment) => flags.get(flag)?.get(environment),
    set: (flag, environment, on) => {
      const states = flags.get(flag);
      if (states?.get(environment) === undefined || states.get(environment) === on) return;
      states.set(environment, on);
      switches.push({ id: switches.length + 1, at: now(), flag, environment, on });
    },
    onCall: (method, path) => {
      requests.push({ method, path });
      if (requests.length > requestsKept) requests.shift();
    },
  };
}
