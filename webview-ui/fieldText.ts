import type { FormField } from '../src/shared/runbookPage.ts';

export const aboutText = ({ description, expected }: FormField): string | undefined =>
  [ended(description), expected === undefined ? undefined : `Give ${expected}.`]
    .filter((part) => part !== undefined)
    .join(' ') || undefined;

/** What a guide says of an input is often no sentence. */
const ended = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' || /[.!?…:]$/.test(text.trim()) ? text : `${text}.`;

export const fills = ({ written, usedBy }: FormField): string =>
  `Fills ${written} in ${usedBy.length === 1 ? 'step' : 'steps'} ${usedBy.join(', ')}.`;

/** What is said below a field. @param isDraft something stands in it that is not set yet */
export function stateText(field: FormField, isDraft: boolean): string {
  if (isDraft) return 'Not set yet: press Enter or Set.';
  if (field.value === undefined && field.optional)
    return `May stay empty: the command then goes without that option. ${fills(field)}`;
  if (field.value === undefined && field.options.length > 0)
    return `${field.default === undefined ? 'Pick one.' : `Pick one; the guide’s default is ${field.default}.`} ${fills(field)}`;
  if (field.value === undefined && field.default !== undefined)
    return `The guide’s default, not set yet: press Enter or Set. ${fills(field)}`;
  return fills(field);
}
