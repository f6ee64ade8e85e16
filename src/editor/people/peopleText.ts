import { FAILSAFE_SCHEMA, load, YAMLException } from 'js-yaml';
import { messageOf } from '../../core/errors.ts';
import { parsePeople } from '../../core/people/parsePeople.ts';
import type { PeopleFile } from '../../core/people/person.ts';

/** Undefined people: the text is no YAML, so that nothing of it can be used. */
export interface PeopleText extends Omit<PeopleFile, 'people'> {
  readonly people: PeopleFile['people'] | undefined;
}

/** Reads a people file's YAML. Every value stays the text it is: `+351210000001` is a number to YAML and loses its plus. */
export function readPeopleText(text: string): PeopleText {
  try {
    // An empty file is no document at all, which `load` refuses.
    return parsePeople(
      text.replace(/^\s*(?:#.*)?$/gm, '').trim() === '' ? '' : load(text, { schema: FAILSAFE_SCHEMA }),
    );
  } catch (thrown) {
    const at = thrown instanceof YAMLException && thrown.mark ? ` in line ${thrown.mark.line + 1}` : '';
    const why = thrown instanceof YAMLException ? thrown.reason : messageOf(thrown);
    return {
      people: undefined,
      problems: [
        `The file is no valid YAML${at}: ${why}. What was read before is used until it is put right.`,
      ],
    };
  }
}
