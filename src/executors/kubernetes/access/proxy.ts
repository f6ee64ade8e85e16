import { isIP } from 'node:net';

/** Reads a variable by its upper or lower case name, as curl and Go do. */
const variable = (env: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
  env[name] || env[name.toLowerCase()] || undefined;

/**
 * The proxy for a server: the kubeconfig's `proxy-url`, else `HTTPS_PROXY` / `HTTP_PROXY` by the server's scheme unless
 * `NO_PROXY` names the host. As in Go (and so in kubectl), loopback never goes through a proxy of the environment.
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function proxyFor(
  server: string,
  proxyUrl: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (proxyUrl) return proxyUrl;
  const url = new URL(server);
  const proxy = variable(env, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.')))
    return undefined;
  const exempt = (variable(env, 'NO_PROXY') ?? '')
    .split(',')
    .some((entry) => matches(entry.trim().toLowerCase(), host, port));
  if (exempt) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** One entry of NO_PROXY: `*`, an address, a CIDR, a name with its subdomains, `.suffix`, each with an optional port. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return isIP(host) === 4 && inRange(entry, host);
  const withPort = /^(.*):(\d+)$/.exec(entry);
  const isBareV6 = isIP(entry) === 6;
  if (withPort && !isBareV6 && withPort[2] !== port) return false;
  const name = (withPort && !isBareV6 ? (withPort[1] ?? '') : entry)
    .replace(/^\[|\]$/g, '')
    .replace(/^\*\./, '.');
  if (isIP(name) !== 0) return name === host;
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

function inRange(cidr: string, host: string): boolean {
  const [base = '', bits = ''] = cidr.split('/');
  if (isIP(base) !== 4) return false;
  const shift = 32 - Number(bits);
  const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return Math.floor(number(base) / 2 ** shift) === Math.floor(number(host) / 2 ** shift);
}
