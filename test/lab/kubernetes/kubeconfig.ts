import { readFile, writeFile } from 'node:fs/promises';
import type { KeyPair } from './certificates.ts';

/** How a person proves who they are. */
export type Credentials = { readonly token: string } | { readonly client: KeyPair };

export interface KubeconfigOptions {
  /** Where each context goes, by the context's name; the first is the current one. */
  readonly servers: Readonly<Record<string, string>>;
  readonly user: string;
  readonly credentials: Credentials;
  /** The certificate authority's PEM file. */
  readonly authority: string;
}

/** Writes a kubeconfig with one context per server and one user, readable by its owner alone. */
export async function writeKubeconfig(file: string, options: KubeconfigOptions): Promise<void> {
  const { servers, user, credentials, authority } = options;
  const authorityData = (await readFile(authority)).toString('base64');
  const names = Object.keys(servers);
  const lines = [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${names[0]}`,
    'clusters:',
    ...Object.entries(servers).flatMap(([name, server]) => [
      `- name: ${name}`,
      '  cluster:',
      `    server: ${server}`,
      `    certificate-authority-data: ${authorityData}`,
    ]),
    'contexts:',
    ...names.flatMap((name) => [
      `- name: ${name}`,
      '  context:',
      `    cluster: ${name}`,
      `    user: ${user}`,
    ]),
    'users:',
    `- name: ${user}`,
    '  user:',
    ...('token' in credentials
      ? [`    token: ${credentials.token}`]
      : [
          `    client-certificate: ${credentials.client.certificate}`,
          `    client-key: ${credentials.client.key}`,
        ]),
    '',
  ];
  await writeFile(file, lines.join('\n'), { mode: 0o600 });
}
