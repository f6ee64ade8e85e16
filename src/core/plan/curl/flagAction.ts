/** A feature flag turned on, off or read, at the service the guide's curl line names. */
export interface FlagAction {
  readonly provider: 'generic' | 'unleash' | 'launchdarkly';
  readonly flag: string;
  readonly want: 'enabled' | 'disabled';
  readonly project: string | undefined;
  readonly environment: string | undefined;
  /** The change itself, as the guide or the service's API page has it. Header values may hold `$NAME` of a secret. */
  readonly request: FlagRequest;
  /** How the state is read back; undefined: it cannot be verified, and that is said. */
  readonly read: FlagRequest | undefined;
  /** How the opposite is done; undefined: there is no undo. */
  readonly opposite: FlagRequest | undefined;
  /** Guard: refused when the state that is read before differs from this. */
  readonly expected?: 'enabled' | 'disabled';
}

export interface FlagRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
}
