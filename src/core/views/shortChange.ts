/** Last words of a field's path that say nothing by themselves. */
const vague = /^(?:name|number|port|value|type)$/;

/**
 * A change as a narrow row can show it: `deployment/payment-service spec.replicas 3 → 10` is
 * `payment-service replicas 3 → 10`. A text of any other form stays what it is.
 */
export function shortChange(text: string): string {
  const [, name, field, figures] = /^[\w.-]+\/(\S+) (\S+) (.* → .*)$/s.exec(text) ?? [];
  if (name === undefined || field === undefined || figures === undefined) return text;
  const path = field.split('.');
  const last = path.at(-1) ?? '';
  return `${name} ${vague.test(last) ? path.slice(-2).join('.') : last} ${figures}`;
}
