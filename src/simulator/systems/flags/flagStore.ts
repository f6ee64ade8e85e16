/** One request that the simulated flag services received; `path` has the query. */
export interface FlagRequestSeen {
  readonly method: string;
  readonly path: string;
}

/** The flags of the simulated production, each on or off per environment. */
export interface FlagStore {
  /** The one token that all of the simulated flag services take. */
  readonly token: string;
  readonly project: string;
  readonly environments: readonly string[];
  readonly requests: readonly FlagRequestSeen[];
  names(): readonly string[];
  /** Undefined for a flag or an environment that does not exist. */
  isOn(flag: string, environment: string): boolean | undefined;
  set(flag: string, environment: string, on: boolean): void;
  onCall(method: string, path: string): void;
}

const requestsKept = 10_000;

/** The flags as they are when the simulated production starts; none of them changes anything in it. */
export function createFlagStore(): FlagStore {
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
  return {
    token: 'simulated-flag-word',
    project: 'default',
    environments,
    requests,
    names: () => [...flags.keys()],
    isOn: (flag, environment) => flags.get(flag)?.get(environment),
    set: (flag, environment, on) => void flags.get(flag)?.set(environment, on),
    onCall: (method, path) => {
      requests.push({ method, path });
      if (requests.length > requestsKept) requests.shift();
    },
  };
}
