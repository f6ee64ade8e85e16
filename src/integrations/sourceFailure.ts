import type { SourceFailure, SourceResult } from '../core/signals/signalSource.ts';
import type { ApiFailure } from './askJson.ts';

const again = 'What it said before stays in view, and it is asked again by itself.';
const notItself = 'Check its base URL: another program or a sign-in page may answer there.';

/** A failed look at `system`, in sentences of a look: nothing was sent that could be lost. `next` says what comes now. */
export function sourceResult(
  system: string,
  { failure }: { readonly failure: ApiFailure },
  next = again,
): SourceResult {
  const { code, cause, retryAfterMs } = failure;
  const told: SourceFailure = {
    code,
    message: sentence(system, failure, next),
    ...(cause === undefined ? {} : { cause }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  return { ok: false, failure: told };
}

function sentence(
  system: string,
  { code, message, cause = '', status, retry, said }: ApiFailure,
  next: string,
): string {
  if (code === 'cancelled') return message;
  if (code === 'timeout') return `${system} gave no answer in time. ${next}`;
  if (code === 'unreachable')
    // A certificate or a proxy in the way is a person's to settle, and its sentence says how.
    return retry === 'person' ? message : `${system} cannot be reached (${withoutCode(cause)}). ${next}`;
  if (status === undefined)
    return `${system} answered, but not as its documentation says (${cause}). ${notItself}`;
  if (status < 300)
    return `${system} gave an answer that is no JSON, or only half of it. ${notItself} ${next}`;
  if (status === 429) return `${system} asks to wait (429). ${next}`;
  if (status >= 500) return `${system} failed (${status})${said ? `: ${said.slice(0, 300)}` : ''}. ${next}`;
  if (status === 404) return `${system} has nothing at this address (404). ${notItself}`;
  return message;
}

/** `ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9093` says everything twice. */
const withoutCode = (cause: string): string => cause.replace(/^\w*: /, '') || 'the connection broke';
