import type { Resource } from '../../state/resources.ts';
import { qualified } from '../../state/resources.ts';

/** The API's error object, worded as the API server words it. Source: apimachinery `api/errors`. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly { reason: string; message: string; field: string }[];
}

/** A value, or the Status that is answered instead of it. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly status: Status };

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const refused = (status: Status): { ok: false; status: Status } => ({ ok: false, status });

const failure = (code: number, reason: string, message: string, details?: StatusDetails): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  ...(details === undefined ? {} : { details }),
  code,
});

type Named = Pick<Resource, 'name' | 'group'>;
const about = ({ name: kind, group }: Named, name: string): StatusDetails => ({
  name,
  ...(group === '' ? {} : { group }),
  kind,
});

export const notFound = (resource: Named, name: string): Status =>
  failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, about(resource, name));

export const conflict = (resource: Named, name: string): Status =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    about(resource, name),
  );

export const alreadyExists = (resource: Named, name: string): Status =>
  failure(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, about(resource, name));

/** A delete whose precondition names another object than the one that is there. */
export const otherUid = (resource: Named, name: string, wanted: string, present: string): Status =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${present}`,
    about(resource, name),
  );

export const forbidden = (resource: Named, name: string, message: string): Status =>
  failure(403, 'Forbidden', message, about(resource, name));

export const badRequest = (message: string): Status => failure(400, 'BadRequest', message);

export const methodNotAllowed = (): Status =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const unsupportedMediaType = (): Status =>
  failure(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json',
  );

export const gone = (from: number): Status => failure(410, 'Expired', `too old resource version: ${from}`);

export const internalError = (message: string): Status =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ reason: 'InternalError', message, field: '' }],
  });

/** A patch that could be read but not applied, as a JSON patch whose `test` fails. */
export const unprocessable = (): Status =>
  failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** One thing that is wrong with an object. `what` is the text after the field, as the API server writes it. */
export interface FieldError {
  readonly field: string;
  readonly type:
    'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueNotSupported' | 'FieldValueForbidden';
  readonly what: string;
}

export function invalid(
  resource: Pick<Resource, 'kind' | 'group'>,
  name: string,
  errors: readonly FieldError[],
): Status {
  const { kind, group } = resource;
  const texts = errors.map(({ field, what }) => `${field}: ${what}`);
  const first = texts[0] ?? '';
  const listed = texts.length > 1 ? `[${texts.join(', ')}]` : first;
  const subject = `${kind}${group === '' ? '' : `.${group}`} "${name}"`;
  return failure(422, 'Invalid', `${subject} is invalid: ${listed}`, {
    name,
    ...(group === '' ? {} : { group }),
    kind,
    causes: errors.map(({ field, type, what }) => ({ reason: type, message: what, field })),
  });
}

/** What a delete of anything but a pod answers. */
export const deleted = (resource: Named, name: string, uid: string): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { ...about(resource, name), uid },
  code: 200,
});
