import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArgoCdSession } from '../../../../src/executors/argocd/argoCdExecutor.ts';

describe('argocd’s own session', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'argocd-session-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const write = (folder: string, servers: Readonly<Record<string, string>>): void => {
    mkdirSync(join(home, folder), { recursive: true });
    const config = {
      contexts: Object.keys(servers).map((server) => ({ name: server, server, user: server })),
      'current-context': Object.keys(servers)[0],
      users: Object.entries(servers).map(([name, token]) => ({ name, 'auth-token': token })),
    };
    writeFileSync(join(home, folder, 'config'), JSON.stringify(config));
  };
  const read = (baseUrl: string, env: Readonly<Record<string, string>> = {}) =>
    readArgoCdSession(baseUrl, { HOME: home, ...env });

  it('is found for the very server, whatever context is the current one', async () => {
    write('.config/argocd', { 'other.example.com': 'word-of-other', 'argocd.example.com': 'word' });
    assert.equal(await read('https://argocd.example.com'), 'word');
    assert.equal(await read('https://argocd.example.com:443/'), 'word');
    assert.equal(await read('https://nowhere.example.com'), undefined);
  });

  it('is found where argocd keeps it', async () => {
    write('.argocd', { 'old.example.com': 'old' });
    write('xdg/argocd', { 'xdg.example.com:443': 'xdg' });
    write('own', { '127.0.0.1:8080/argo': 'own' });
    assert.equal(await read('https://old.example.com'), 'old');
    assert.equal(await read('https://xdg.example.com', { XDG_CONFIG_HOME: join(home, 'xdg') }), 'xdg');
    assert.equal(await read('http://127.0.0.1:8080/argo', { ARGOCD_CONFIG_DIR: join(home, 'own') }), 'own');
  });

  it('is none where there is no file, or one that cannot be read', async () => {
    assert.equal(await read('https://argocd.example.com'), undefined);
    mkdirSync(join(home, '.argocd'));
    writeFileSync(join(home, '.argocd', 'config'), ': not: [yaml');
    assert.equal(await read('https://argocd.example.com'), undefined);
  });
});
