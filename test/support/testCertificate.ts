import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from '../../scripts/cache.mjs';
import type { ProxyCertificate } from './faultProxy.ts';

export interface TestCertificateOptions {
  readonly names: readonly string[];
  /** PEM file of the authority; its key lies beside it as `.key`. */
  readonly authority: string;
  /** How many days from now it ends; before now when negative. */
  readonly days?: number;
}

/** Makes a server's certificate with openssl, in a new folder below `folder`. */
export async function createTestCertificate(
  folder: string,
  { names, authority, days = 2 }: TestCertificateOptions,
): Promise<ProxyCertificate> {
  const own = await mkdtemp(join(folder, 'certificate-'));
  const file = (name: string): string => join(own, name);
  const alternatives = names.map((name) => `${/^[\d.]+$/.test(name) ? 'IP' : 'DNS'}:${name}`).join(',');
  await writeFile(file('ext'), `subjectAltName=${alternatives}\n`);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await runQuietly('openssl', [
    ...['req', '-new', ...newKey, '-subj', `/CN=${names[0]}`],
    ...['-keyout', file('key'), '-out', file('csr')],
  ]);
  const end = Date.now() + days * 86_400_000;
  // `openssl ca`, because no other command of OpenSSL 3.0 can date a certificate back.
  await writeFile(file('index'), '');
  await writeFile(
    file('config'),
    [
      ...['[ca]', 'default_ca = own', '[own]', `database = ${file('index')}`, `new_certs_dir = ${own}`],
      ...['rand_serial = yes', 'default_md = sha256', 'policy = any', '[any]', 'commonName = supplied', ''],
    ].join('\n'),
  );
  await runQuietly('openssl', [
    ...['ca', '-batch', '-notext', '-config', file('config'), '-in', file('csr'), '-out', file('crt')],
    ...['-extfile', file('ext'), '-cert', authority, '-keyfile', authority.replace(/\.crt$/, '.key')],
    ...['-startdate', openSslDate(end - 30 * 86_400_000), '-enddate', openSslDate(end)],
  ]);
  return { certificate: await readFile(file('crt'), 'utf8'), key: await readFile(file('key'), 'utf8') };
}

/** `20261123103000Z` */
const openSslDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
