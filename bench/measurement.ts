/** One line of the benchmarks: our figure beside a peer measured in the same run on the same machine. */
export interface Measurement {
  readonly name: string;
  readonly unit: 'ms' | 'KB' | 'µs' | 'connections';
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  /** ours ÷ peer. */
  readonly ratio: number;
}

/** A measurement with its ratio computed; figures keep three digits. */
export function measured(
  name: string,
  unit: Measurement['unit'],
  ours: number,
  peer: number,
  peerName: string,
): Measurement {
  return { name, unit, ours: round(ours), peer: round(peer), peerName, ratio: round(ours / peer) };
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

const round = (value: number) => Number(value.toPrecision(3));
