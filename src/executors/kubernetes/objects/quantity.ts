/** An amount such as `250m`, `1Gi` or `2`, exact. Source: apimachinery `api/resource`, Quantity. */
export interface Quantity {
  /** In thousandths of the unit. */
  readonly milli: bigint;
  readonly binary: boolean;
}

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['m', '', 'k', 'M', 'G', 'T', 'P', 'E'];

export const noQuantity: Quantity = { milli: 0n, binary: false };

/** Reads an amount; undefined for what is none. Finer parts than a thousandth are rounded up, as Kubernetes does. */
export function parseQuantity(text: string): Quantity | undefined {
  const [whole, sign, integer = '', fraction = '', suffix = ''] =
    /^([-+]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][-+]?\d{1,2})?$/.exec(text) ?? [];
  if (whole === undefined || integer + fraction === '') return undefined;
  const binaryPower = BINARY.indexOf(suffix);
  const binary = binaryPower > 0;
  const exponent = /^[eE]/.test(suffix) && suffix.length > 1 ? Number(suffix.slice(1)) : decimalPower(suffix);
  const digits = BigInt(integer + fraction);
  const scaled = binary
    ? ratio(digits * 1024n ** BigInt(binaryPower) * 1000n, fraction.length)
    : exponent + 3 - fraction.length >= 0
      ? digits * 10n ** BigInt(exponent + 3 - fraction.length)
      : ratio(digits, fraction.length - exponent - 3);
  return { milli: sign === '-' ? -scaled : scaled, binary };
}

const decimalPower = (suffix: string): number =>
  suffix === 'n' ? -9 : suffix === 'u' ? -6 : (DECIMAL.indexOf(suffix) - 1) * 3 || 0;

/** Divided by a power of ten, rounded up. */
function ratio(digits: bigint, power: number): bigint {
  const by = 10n ** BigInt(power);
  return (digits + by - 1n) / by;
}

/** The sum, written in the first one's way unless that is nothing. */
export const addQuantity = (a: Quantity, b: Quantity): Quantity => ({
  milli: a.milli + b.milli,
  binary: a.milli === 0n ? b.binary : a.binary,
});

export const maxQuantity = (a: Quantity, b: Quantity): Quantity => (b.milli > a.milli ? b : a);

/** The shortest way to write it without losing anything: `1280Mi`, `1100m`, `2`. */
export function renderQuantity({ milli, binary }: Quantity): string {
  if (milli === 0n) return '0';
  const absolute = milli < 0n ? -milli : milli;
  if (binary && absolute % 1000n === 0n && absolute >= 1024_000n) {
    let value = milli / 1000n;
    let power = 0;
    while (power < BINARY.length - 1 && value % 1024n === 0n) {
      value /= 1024n;
      power += 1;
    }
    return `${value}${BINARY[power]}`;
  }
  let value = milli;
  let power = 0;
  while (power < DECIMAL.length - 1 && value % 1000n === 0n) {
    value /= 1000n;
    power += 1;
  }
  return `${value}${DECIMAL[power]}`;
}

/** Whole units, rounded up: bytes of a memory amount. */
export const unitsOf = ({ milli }: Quantity): number =>
  Number(milli > 0n ? (milli + 999n) / 1000n : milli / 1000n);

/** How much of `whole` this is, in whole percent, cut and not rounded; 0 where there is nothing to compare with. */
export const percentOf = (part: Quantity, whole: Quantity): number =>
  whole.milli === 0n ? 0 : Math.trunc((Number(part.milli) / Number(whole.milli)) * 100);
