import path from 'node:path';
import { ensureGoProgram } from '../goBuild.ts';

/**
 * The path of Alertmanager, built once. Debian's does not run unpacked: it reads its templates from /usr/share, so it
 * would have to be installed.
 */
export async function ensureAlertmanager(): Promise<string> {
  const folder = await ensureGoProgram({
    name: 'alertmanager',
    version: 'v0.28.1',
    files: {},
    packages: ['github.com/prometheus/alertmanager/cmd/alertmanager'],
    ldflags: '-s -w -X github.com/prometheus/common/version.Version=0.28.1',
    outputs: ['alertmanager'],
  });
  return path.join(folder, 'alertmanager');
}
