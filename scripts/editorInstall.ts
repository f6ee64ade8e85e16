import { access } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, makeOnce, npmCommand, PlainFailure, runQuietly, step, withPath } from './cache.mjs';

/** The real VS Code server as npm carries it; its `lib/vscode` is VS Code 1.139.1. */
const version = '4.139.1';

/** The file to run with Node 24 to get the editor. */
export const editorServer = (folder: string) =>
  path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js');

/** The cache folder that holds the editor host; made on first use, about 600 MB and a minute. */
export async function ensureEditor(): Promise<string> {
  return makeOnce(`editor-${version}`, async (part) => {
    const [npm, first] = npmCommand();
    const flags = ['--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'];
    const advice = 'Check that npm can reach its registry and run the command again.';
    await step(`Editor host (VS Code server ${version} from npm)`, () =>
      runQuietly(npm, [...first, 'install', ...flags, '--prefix', part, `code-server@${version}`], {
        cwd: part,
        advice,
      }),
    );
    const inside = path.join(part, 'node_modules', 'code-server', 'lib', 'vscode');
    await step("Editor host's own packages", () =>
      runQuietly(npm, [...first, 'install', '--omit=dev', ...flags], { cwd: inside, advice }),
    );
    // Without this one native module the editor runs, but every output channel reads empty.
    await step("Editor host's log writer", () => buildLogWriter(inside));
  });
}

async function buildLogWriter(inside: string): Promise<void> {
  const build = async () => {
    const [npm, first] = npmCommand();
    await runQuietly(npm, [...first, 'rebuild', '--loglevel=error', '@vscode/spdlog'], {
      cwd: inside,
      env: await buildEnvironment(),
    });
    // npm may skip an install script without failing, so what counts is that the module loads.
    await runQuietly(process.execPath, ['-e', "require('@vscode/spdlog').version"], { cwd: inside });
    await access(path.join(inside, 'node_modules', '@vscode', 'spdlog', 'build', 'Release', 'spdlog.node'));
  };
  try {
    await build();
  } catch (error) {
    const tools = 'apt-get install -y g++ make python3';
    if (process.platform === 'linux' && process.getuid?.() === 0) {
      await runQuietly('apt-get', ['update']);
      await runQuietly('apt-get', ['install', '-y', 'g++', 'make', 'python3']);
      await build();
      return;
    }
    const cause = error instanceof Error ? error.message : String(error);
    throw new PlainFailure(
      `${cause}\nA C++ compiler, make and Python 3 are needed once. On Debian or Ubuntu: sudo ${tools}\n` +
        'On macOS: xcode-select --install. Then run the command again.',
    );
  }
}

/** node-gyp must find this Node's own headers: npm's Node package carries them beside `bin`. */
async function buildEnvironment(): Promise<NodeJS.ProcessEnv> {
  const folder = path.dirname(path.dirname(process.execPath));
  const env = withPath(path.dirname(process.execPath));
  const headers = path.join(folder, 'include', 'node', 'node.h');
  const carried = await access(headers).then(
    () => true,
    () => false,
  );
  return carried ? { ...env, npm_config_nodedir: folder } : env;
}

if (import.meta.main) console.log(`${await ensureEditor()} (cache: ${cacheFolder()})`);
