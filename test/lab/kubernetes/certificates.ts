import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runQuietly } from '../../../scripts/cache.mjs';
import { onPath } from '../../../scripts/programs.ts';

/** A certificate and its private key, as PEM files. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Certificates {
  readonly authority: KeyPair;
  /** For every server of the lab: 127.0.0.1, localhost and `otherName`. */
  readonly server: KeyPair;
  /** A person: the name is the user's, the organisation the group's. */
  readonly client: KeyPair;
  /** Signs the tokens of service accounts. */
  readonly accountKey: string;
}

/** A name in the server's certificate that is not its address: for `tls-server-name`. */
export const otherName = 'kubernetes.lab.incident';

/** Why no certificate can be made here, or undefined when openssl is there. */
export const missingOpenssl = () =>
  onPath('openssl') ? undefined : 'openssl is not on PATH (on Debian: sudo apt-get install -y openssl)';

/** Makes a certificate authority of the lab's own and what it signs, valid for 30 days, into `folder`. */
export async function createCertificates(
  folder: string,
  user: { name: string; group: string },
): Promise<Certificates> {
  const pair = (name: string): KeyPair => ({
    certificate: path.join(folder, `${name}.crt`),
    key: path.join(folder, `${name}.key`),
  });
  const authority = pair('authority');
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl([
    ...['req', '-x509', ...newKey, '-days', '30', '-subj', '/CN=incident-lab'],
    ...['-keyout', authority.key, '-out', authority.certificate],
  ]);
  const sign = async (name: string, subject: string, extensions: readonly string[]): Promise<KeyPair> => {
    const made = pair(name);
    const request = path.join(folder, `${name}.csr`);
    const file = path.join(folder, `${name}.ext`);
    await writeFile(file, `${extensions.join('\n')}\n`);
    await openssl(['req', '-new', ...newKey, '-subj', subject, '-keyout', made.key, '-out', request]);
    await openssl([
      ...['x509', '-req', '-days', '30', '-in', request, '-extfile', file, '-CAcreateserial'],
      ...['-CA', authority.certificate, '-CAkey', authority.key, '-out', made.certificate],
    ]);
    return made;
  };
  const names = `subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc,DNS:${otherName}`;
  const server = await sign('server', '/CN=incident-lab-server', [names, 'extendedKeyUsage=serverAuth']);
  const subject = `/O=${user.group}/CN=${user.name}`;
  const client = await sign('client', subject, ['extendedKeyUsage=clientAuth']);
  const accountKey = path.join(folder, 'service-accounts.key');
  await openssl(['genrsa', '-out', accountKey, '2048']);
  return { authority, server, client, accountKey };
}

const openssl = (args: readonly string[]) => runQuietly('openssl', args);
