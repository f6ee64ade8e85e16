/**
 * What a 429 or 503 asks for in `Retry-After`, in milliseconds from `nowMs` (UTC): seconds or a date, RFC 9110
 * §10.2.3. Undefined for any other answer and for a header that cannot be read.
 */
export function retryAfterMs(
  status: number,
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if ((status !== 429 && status !== 503) || !text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
