import type { Failure } from '../../core/errors.ts';
import { messageOf } from '../../core/errors.ts';
import type { Outcome } from '../../core/plan/plan.ts';
import { quoteWord } from '../../core/plan/words/quoteWord.ts';
import { classifyConnectionError } from '../../core/connectionError.ts';
import type { AwsProfile } from './awsProfiles.ts';

/** What went wrong at AWS or on the way there. Its message does not say what became of a change: the caller knows. */
export interface RdsFailure extends Failure {
  /** HTTP status of AWS's answer. */
  readonly status?: number;
  /** AWS's error code: `DBClusterNotFoundFault`. */
  readonly awsCode?: string;
  /** The command line that gets over it. */
  readonly remedy?: string;
  /** Whether AWS can have acted: it certainly did not (`not-sent`, `refused`), or nobody knows. */
  readonly fate: 'not-sent' | 'refused' | 'unknown';
}

/** Who asked where; for sentences. */
export interface RdsPlace {
  readonly profile: string | undefined;
  readonly region: string;
  /** The profile in the shared config, where there is one. */
  readonly known: AwsProfile | undefined;
}

interface AwsError {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  /** The connection ended in the middle of an answer. */
  readonly wasCut: boolean;
  /** AWS itself answered, with an error of its own. */
  readonly isService: boolean;
}

const throttled =
  /^(?:Throttl|RequestLimitExceeded|RequestThrottled|TooManyRequests|SlowDown|BandwidthLimit)/;
const expired = /^(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidToken|TokenRefreshRequired)/;
const denied = /^(?:AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized|OptInRequired)/;
const skewed =
  /^(?:RequestExpired|RequestTimeTooSkewed|SignatureDoesNotMatch|AuthFailure|IncompleteSignature)/;

export const whoOf = (place: RdsPlace): string =>
  place.profile === undefined ? 'this machine’s own AWS credentials' : `AWS profile ${place.profile}`;

/** Sorts what the SDK threw (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html). */
export function rdsFailureOf(thrown: unknown, place: RdsPlace): RdsFailure {
  const error = readError(thrown);
  const { name, message, status } = error;
  const who = whoOf(place);
  if (name === 'AbortError') return { code: 'cancelled', message: 'Stopped.', fate: 'unknown' };
  if (isCredentials(name)) return credentialsFailure(message, place);
  const answered = { awsCode: name, ...(status === undefined ? {} : { status }) };
  const said = `${name}: ${message}`;
  if (throttled.test(name) || status === 429)
    return {
      code: 'failed',
      message: `AWS is throttling RDS requests in ${place.region} (${said}). Wait a moment, then try again.`,
      fate: 'refused',
      ...answered,
    };
  if (expired.test(name))
    return {
      code: 'unauthorized',
      message: `AWS no longer takes the credentials of ${who} (${said}). ${howToRenew(place)}`,
      fate: 'refused',
      ...answered,
      ...loginRemedy(place),
    };
  if (denied.test(name))
    return {
      code: 'forbidden',
      message: `${who} may not do this: ${message}.`,
      fate: 'refused',
      ...answered,
    };
  if (skewed.test(name))
    return {
      code: 'unauthorized',
      message: `AWS did not take the signature of ${who} (${said}). Check this machine’s clock and the credentials.`,
      fate: 'refused',
      ...answered,
    };
  if (error.wasCut) return connectionFailure(thrown, 'Error', message, place);
  if (status !== undefined && status >= 400 && status < 500)
    return {
      code: status === 404 || /NotFound/.test(name) ? 'not-found' : 'failed',
      message: error.isService
        ? `RDS refused (${said}).`
        : `RDS in ${place.region} answered ${status}, but not in AWS’s own words: something in between may have, such as a proxy.`,
      fate: 'refused',
      ...answered,
    };
  if (status !== undefined)
    return {
      code: 'failed',
      message:
        status >= 500
          ? `RDS in ${place.region} answered ${status}${error.isService ? ` (${said})` : ''}.`
          : `RDS in ${place.region} answered something that cannot be read (${message}).`,
      fate: 'unknown',
      ...answered,
    };
  return connectionFailure(thrown, name, message, place);
}

function connectionFailure(thrown: unknown, name: string, message: string, place: RdsPlace): RdsFailure {
  const rds = `RDS in ${place.region}`;
  // The SDK calls a reset connection a timeout too.
  if (name === 'TimeoutError' && !readError(thrown).wasCut) {
    const connecting = /connect/i.test(message);
    return {
      code: connecting ? 'unreachable' : 'timeout',
      message: connecting
        ? `No connection to ${rds} in time. Check the network, VPN or proxy.`
        : `${rds} did not answer in time.`,
      fate: connecting ? 'not-sent' : 'unknown',
    };
  }
  const error = classifyConnectionError(thrown);
  const { cause } = error;
  switch (error.kind) {
    case 'aborted':
      return { code: 'cancelled', message: 'Stopped.', fate: 'unknown', cause };
    case 'not-reached':
      return { code: 'unreachable', message: `${rds} ${error.said}. Check the network, VPN or proxy.`, fate: 'not-sent', cause }; // prettier-ignore
    case 'connect-timeout':
      return { code: 'unreachable', message: `No connection to ${rds} in time. Check the network, VPN or proxy.`, fate: 'not-sent', cause }; // prettier-ignore
    case 'certificate':
      return { code: 'unreachable', message: `No trusted connection to ${rds}: ${error.said}.`, fate: 'not-sent', cause }; // prettier-ignore
    case 'proxy':
      return { code: 'unreachable', message: `The proxy on the way to ${rds} answered ${error.said}.`, fate: 'not-sent', cause }; // prettier-ignore
    case 'answer-timeout':
    case 'cut':
      return { code: 'unreachable', message: `The connection to ${rds} ended before its answer (${error.said}).`, fate: 'unknown', cause }; // prettier-ignore
  }
}

const isCredentials = (name: string): boolean =>
  name === 'CredentialsProviderError' || name === 'TokenProviderError' || name === 'ProviderError';

function credentialsFailure(message: string, place: RdsPlace): RdsFailure {
  const sso = place.known?.sso !== undefined || /\bSSO\b|sso login/i.test(message);
  if (!sso)
    return {
      code: 'unauthorized',
      message: `There are no usable credentials for ${whoOf(place)}: ${message}. Nothing was sent to RDS.`,
      fate: 'not-sent',
    };
  return {
    code: 'unauthorized',
    message: `The SSO session of ${whoOf(place)} has expired or was never started. Nothing was sent to RDS. ${howToRenew(place)}`,
    fate: 'not-sent',
    ...loginRemedy(place, true),
  };
}

const howToRenew = (place: RdsPlace): string =>
  loginRemedy(place).remedy === undefined
    ? 'Renew them, then run this step again.'
    : 'Log in again, then run this step again.';

/** A login helps where the profile is known to use SSO, or is not in the files that were read. */
function loginRemedy(place: RdsPlace, surely = false): { readonly remedy?: string } {
  const profile = place.known?.sso?.profile ?? place.profile;
  const helps = surely || place.known?.sso !== undefined;
  return helps && profile !== undefined
    ? { remedy: loginCommand(profile) }
    : surely
      ? { remedy: 'aws sso login' }
      : {};
}

export const loginCommand = (profile: string): string => `aws sso login --profile ${quoteWord(profile)}`;

function readError(thrown: unknown): AwsError {
  if (!(thrown instanceof Error))
    return { name: 'Error', message: messageOf(thrown), status: undefined, wasCut: false, isService: false };
  const { $metadata, $fault, $response, Code, code } = thrown as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly statusCode?: number };
    readonly $fault?: string;
    readonly Code?: string;
    readonly code?: string;
  };
  return {
    name: Code ?? thrown.name,
    message: (thrown.message.split('\n', 1)[0] ?? '').replace(/\.$/, ''),
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    wasCut: code === 'ECONNRESET' || code === 'EPIPE',
    isService: $fault !== undefined && thrown.name !== 'Unknown' && thrown.name !== 'UnknownError',
  };
}

/** The outcome of a failure; `after` says what became of what was asked. */
export function outcomeOfRds(failure: RdsFailure, after = ''): Outcome {
  if (failure.code === 'cancelled') return { kind: 'stopped' };
  return {
    kind: 'failed',
    message: after === '' ? failure.message : `${failure.message} ${after}`,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.remedy === undefined ? {} : { remedy: failure.remedy }),
  };
}
