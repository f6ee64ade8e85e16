/** Somebody of the people file: roles as the guide names them, and what the outside systems call them. */
export interface Person {
  readonly name: string;
  readonly roles: readonly string[];
  /** As it is to be dialled. */
  readonly phone?: string;
  readonly email?: string;
  /** Slack member id: `U012AB3CD`. */
  readonly slack?: string;
  /** PagerDuty user id. */
  readonly pagerduty?: string;
  /** GitHub login. */
  readonly github?: string;
}

/** What a people file holds, as far as it could be read. */
export interface PeopleFile {
  readonly people: readonly Person[];
  /** One sentence for each thing that could not be taken, each with what became of the rest. */
  readonly problems: readonly string[];
}

export const nobody: PeopleFile = { people: [], problems: [] };

/** A phone number as people write it. */
export const phoneNumber = /^(?=.*\d)\+?[\d\s().\/-]{3,40}$/;
export const mailAddress = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
