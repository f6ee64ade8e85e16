/** `2026-11-23 10:30 UTC`, for a sentence; takes milliseconds UTC. */
export const utcMinute = (ms: number): string =>
  Number.isFinite(ms)
    ? `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : 'an unknown date';
