#!/usr/bin/env node
import { format } from 'node:util';
import { startEditorServer } from '../../support/editorHost.ts';
import { openEditor, remotePath } from '../../support/editorPage.ts';

/** A test that hangs must not hang the build: after this many milliseconds the run has failed. */
const limit = Number(process.env['INCIDENT_EDITOR_LIMIT'] ?? 5 * 60_000);

/** What run.ts puts before every line of the tests. */
const mark = '[test] ';

/** Lines every start of this host prints, whatever the tests do. */
const isNoise = (line: string) =>
  /watchdog|Service Worker|renderer-|connection token|reconnection-grace-time|builtin extensions from gallery|AgentHost|AccountPolicy/.test(
    line,
  );

const valueOf = (flag: string) =>
  process.argv.find((argument) => argument.startsWith(`--${flag}=`))?.slice(flag.length + 3);

/**
 * Stands in for VS Code's program where no desktop VS Code can be had: takes the same arguments, opens the server
 * editor in headless Chromium and exits with the code the tests gave.
 */
async function launch(): Promise<number> {
  const tests = valueOf('extensionTestsPath');
  const extension = valueOf('extensionDevelopmentPath');
  if (!tests || !extension)
    throw new Error('--extensionTestsPath and --extensionDevelopmentPath are needed.');
  const folder = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
  const extensions = process.env['INCIDENT_EXTENSIONS'];
  const server = await startEditorServer({
    ...(extensions ? { extensions } : {}),
    workspaceTrust: !process.argv.includes('--disable-workspace-trust'),
  });
  const others: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => (end = resolve));
  try {
    timer = setTimeout(() => {
      console.error(`The tests did not end within ${limit} ms.\n${server.logs()}`);
      end(1);
    }, limit);
    const { browser } = await openEditor(server, {
      extensionPath: extension,
      ...(folder ? { folder } : {}),
      payload: [['extensionTestsPath', remotePath(server, tests)]],
      prepare: async (page) => {
        await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
          const line = format(...args);
          if (line.startsWith(mark)) console.log(line.slice(mark.length));
          else if (!isNoise(line)) others.push(`${type}: ${line.slice(0, 2000)}`);
        });
        await page.exposeFunction('codeAutomationExit', (code: number) => end(code));
        page.on('crash', () => end(1));
      },
    });
    const code = await ended;
    await browser.close();
    if (code !== 0) console.error(['The editor said:', ...others.slice(-40)].join('\n  '));
    return code;
  } finally {
    clearTimeout(timer);
    await server.dispose();
  }
}

process.exitCode = await launch().catch((error: unknown) => {
  console.error(error);
  return 1;
});
