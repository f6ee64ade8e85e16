import { BlockList, isIP } from 'node:net';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that curl takes for a URL: `http_proxy` (lower case only), `https_proxy`, `all_proxy`, unless `no_proxy`
 * names the host; `fallback` where the environment names none, but never for this machine itself. Undefined for none.
 * https://curl.se/docs/manpage.html#ENVIRONMENT
 */
export function curlProxyFor(url: URL, env: Env, fallback?: string): URL | undefined {
  const either = (name: string): string | undefined => env[name] || env[name.toUpperCase()] || undefined;
  const own = url.protocol === 'https:' ? either('https_proxy') : env['http_proxy'] || undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || host === '::1' || /^127\./.test(host);
  const proxy = own ?? either('all_proxy') ?? (loopback ? undefined : fallback);
  if (!proxy || isExempt(url, either('no_proxy') ?? '')) return undefined;
  const full = proxy.includes('://') ? proxy : `http://${proxy}`;
  return URL.canParse(full) ? new URL(full) : undefined;
}

/** `*`, host names with their subdomains, addresses and CIDR blocks, apart by commas or spaces. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const family = isIP(host);
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const name = entry
        .replace(/^\[|\]$/g, '')
        .replace(/^\./, '')
        .replace(/\.$/, '');
      if (family === 0) return host === name || host.endsWith(`.${name}`);
      const [base = '', bits] = name.split('/');
      if (bits === undefined || isIP(base) !== family) return host === name;
      const block = new BlockList();
      try {
        block.addSubnet(base, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
      } catch {
        return false; // no such block
      }
      return block.check(host, family === 4 ? 'ipv4' : 'ipv6');
    });
}
