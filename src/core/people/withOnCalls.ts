import type { Addressee } from '../deliveries/delivery.ts';

/** The people with those on call added: somebody known already is not named twice, but gets what ids the other knows. */
export function withOnCalls(
  people: readonly Addressee[],
  onCalls: readonly Addressee[],
): readonly Addressee[] {
  const isSame = (a: Addressee, b: Addressee): boolean =>
    (a.pagerduty !== undefined && a.pagerduty === b.pagerduty) ||
    (a.email !== undefined && a.email.toLowerCase() === b.email?.toLowerCase());
  const known = people.map((person) => ({ ...onCalls.find((one) => isSame(one, person)), ...person }));
  return [...known, ...onCalls.filter((one) => !people.some((person) => isSame(one, person)))];
}
