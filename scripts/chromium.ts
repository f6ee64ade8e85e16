import { existsSync } from 'node:fs';
import { PlainFailure, runQuietly, step } from './cache.mjs';
import { onPath } from './programs.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium, from `INCIDENT_CHROMIUM`, PATH or the usual places. */
export function findChromium(): string | undefined {
  const own = process.env['INCIDENT_CHROMIUM'];
  if (own) return own;
  return onPath(...names) ?? elsewhere.find((file) => existsSync(file));
}

/** A Chromium for the editor tests; installed with apt as root, else a PlainFailure says how to get one. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get')) {
    await step('Chromium from apt', async () => {
      await runQuietly('apt-get', ['update']);
      await runQuietly('apt-get', ['install', '-y', 'chromium']);
    });
    const installed = findChromium();
    if (installed) return installed;
  }
  const how =
    process.platform === 'linux'
      ? 'sudo apt-get update && sudo apt-get install -y chromium'
      : 'install Chrome or Chromium, or set INCIDENT_CHROMIUM to its program';
  throw new PlainFailure(`The editor tests need Chromium and none was found. To get one: ${how}`);
}
