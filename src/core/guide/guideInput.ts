/** Every kind of value a placeholder can stand for. */
export const inputKinds = [
  'text',
  'number',
  'choice',
  'pod',
  'deployment',
  'service',
  'ingress',
  'namespace',
  'app',
  'revision',
  'flag',
  'db-cluster',
  'db-instance',
  'duration',
  'secret',
] as const;
export type InputKind = (typeof inputKinds)[number];

/** What a guide says of one of its placeholders, in the `inputs:` of its frontmatter or in a comment. */
export interface GuideInput {
  /** As placeholders are compared: `<App Name>` and `$APP_NAME` are `app-name`. */
  readonly name: string;
  /** Undefined where the guide names none: then the place in the command decides. */
  readonly kind: InputKind | undefined;
  readonly description: string | undefined;
  /** Offered first and never used until a person has set it. */
  readonly default: string | undefined;
  /** Of a choice; empty for every other kind. */
  readonly options: readonly string[];
  /** A regular expression for the whole value, already known to be one that cannot run for ever. */
  readonly pattern: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** False: where it is the whole value of an option of a command that only reads, a step runs without both. */
  readonly required: boolean;
  readonly line: number;
}
