/** A feature flag service that the settings name, so that a guide's curl line to it is known for what it does. */
export interface FlagService {
  readonly kind: 'generic' | 'unleash' | 'launchdarkly';
  /** What the guide's line begins with: `https://feature-flags.example.com`. */
  readonly baseUrl: string;
  /** Where the service's own API is when it is not at `baseUrl` (Unleash and LaunchDarkly). */
  readonly apiUrl?: string;
  /** Name of the secret that is sent when the guide's line carries no credentials. */
  readonly token?: string;
  /** Generic: how a state is read, enabled and disabled; `{flag}`, `{project}` and `{environment}` are filled in. */
  readonly readUrl?: string;
  readonly enableUrl?: string;
  readonly disableUrl?: string;
  /** `default` when absent. */
  readonly project?: string;
  /** Needed for Unleash and LaunchDarkly lines that do not name it themselves. */
  readonly environment?: string;
}
