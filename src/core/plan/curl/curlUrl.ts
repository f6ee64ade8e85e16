import type { MarkedWords } from '../words/markedWord.ts';

export type Address =
  | { readonly ok: true; readonly url: string; readonly invalid: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/**
 * The URL of a curl command with values put in. A value in the path or query stays one segment (percent-encoded); in
 * the host part it must look like a host; a placeholder that begins the URL is taken as it is. A secret may stand in
 * the path or query only: where a request goes must be known before it is agreed to.
 */
export function fillUrl(raw: string, marked: MarkedWords): Address {
  const fail = (reason: string): Address => ({ ok: false, reason });
  const invalid: string[] = [];
  let url = '';
  // Split keeps the marks: every second piece is one.
  for (const piece of raw.split(/(\uE000\d+\uE001)/)) {
    const [value] = marked.valuesIn(piece);
    if (marked.hasSecret(piece) && !/^(?:https?:\/\/)?[^/?#:]+(?::\d+)?[/?#]/i.test(url))
      return fail('the host of its URL is a secret');
    if (value === undefined) url += piece;
    else if (url === '') url += value;
    else if (/^https?:\/\/[^/?#]*$/.test(url)) {
      if (!/^[A-Za-z0-9.:-]+$/.test(value)) invalid.push(`“${value}” cannot be part of a host name.`);
      url += value;
    } else url += encodeURIComponent(value.replace(/\p{Cs}/gu, '\uFFFD'));
  }
  if (/[[\]{}]/.test(url)) return fail('curl would expand the brackets in its URL');
  if (/[\s\\<>"\0]/.test(url)) return fail('its URL has characters that a URL cannot have');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !url.startsWith('\uE000')) {
    if (/^(?:ftp|dict|ldap|imap|smtp|pop3)\./i.test(url) || url === '')
      return fail('its URL names no protocol');
    url = `http://${url}`; // what curl assumes
  }
  const open = url.startsWith('\uE000');
  if (!open && !/^https?:\/\/[^/?#@]+(?:[/?#].*)?$/i.test(url))
    return fail('its URL is not plain http or https');
  return { ok: true, url, invalid };
}
