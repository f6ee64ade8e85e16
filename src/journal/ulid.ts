/** The text form of a ULID (https://github.com/ulid/spec): 26 characters of Crockford's base 32, 48 bits of time. */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** True for the ids this journal gives to incidents, writers and events; also what makes a folder name safe to join. */
export const isUlid = (text: string): boolean => ULID.test(text);
