import { hashOf } from '../state/names.ts';

const lower = 'bcdfghjklmnpqrstvwxyz0123456789';
const upper = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

/** An id in the manner of a vendor, the same for the same seed: `upper` or `lower` letters and digits. */
export function vendorId(seed: string, length: number, letters: 'upper' | 'lower' = 'lower'): string {
  const alphabet = letters === 'upper' ? upper : lower;
  let id = '';
  for (let i = 0; id.length < length; i += 1) id += alphabet[hashOf(`${seed}/${i}`) % alphabet.length];
  return id;
}
