/** `- Label: value`, `**Label:** value` or the table row `| Label | value |`, taken apart. */
export interface LabelLine {
  readonly label: string;
  readonly value: string;
  /** The same line with another value. */
  readonly with: (value: string) => string;
}

const listed =
  /^(\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\*\*|__)?)([^:：[\]|\n]{1,60}?)((?:\*\*|__)?\s*(?::(?=\s|\*\*|__|$)|：)(?:\*\*|__)?)(.*)$/;
const row = /^(\s*\|\s*(?:\*\*|__)?)([^|\n]{1,60}?)((?:\*\*|__)?\s*\|)([^|\n]*)(\|\s*)$/;

/** Undefined for a line of another form. A time such as `10:30` is no label. */
export function parseLabelLine(line: string): LabelLine | undefined {
  const inTable = row.exec(line);
  const [, start = '', label = '', middle = '', value = '', end = ''] = inTable ?? listed.exec(line) ?? [];
  if (label.trim() === '' || /^[\s:-]*$/.test(label)) return undefined;
  return {
    label: label.trim(),
    value: value.trim(),
    with: (text) =>
      `${start}${label}${middle} ${inTable ? text.replaceAll('|', '\\|') : text}${end && ` ${end}`}`,
  };
}
