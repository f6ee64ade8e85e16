import { existsSync, readdirSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { context, build as esbuild, type BuildOptions, type Metafile } from 'esbuild';
import { fail, PlainFailure, root, seconds } from './cache.mjs';
import { writeNotices } from './notices.ts';

export interface BuildMode {
  /** What ships: minified, without source maps, built from nothing, with THIRD_PARTY_NOTICES beside it. */
  readonly production?: boolean;
  /** Leave out what has no source file yet instead of failing. */
  readonly allowMissing?: boolean;
  /** Build this one product alone: `dist/simulator.cjs`. */
  readonly only?: string;
  /** Put `dist` below this folder instead of the project, and write nothing into the project. */
  readonly into?: string;
}

interface Target {
  readonly from: string;
  readonly to: string;
  readonly options: BuildOptions;
}

const host: BuildOptions = { platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'] };
/** Code for the editor's own process, with mocha taken from node_modules. */
const inHost: BuildOptions = { ...host, external: ['vscode', 'mocha'] };
const page: BuildOptions = { platform: 'browser', format: 'iife', target: 'es2022' };

/** What is built for people: source file → file in `dist`. */
const products: readonly Target[] = [
  { from: 'src/extension.ts', to: 'dist/extension.cjs', options: host },
  // Loaded at the first command or runbook page: planning, running and the pages are most of what we are.
  { from: 'src/acts.ts', to: 'dist/acts.cjs', options: host },
  // Loaded on first use: the Kubernetes client is larger than everything else together.
  { from: 'src/executors/kubernetes/kubernetesExecutor.ts', to: 'dist/kubernetes.cjs', options: host },
  // Loaded when a step that speaks HTTP, Argo CD or a flag service is first looked at.
  { from: 'src/executors/webExecutors.ts', to: 'dist/web.cjs', options: host },
  // Loaded when a step of AWS is first looked at.
  { from: 'src/executors/rds/rdsExecutor.ts', to: 'dist/rds.cjs', options: host },
  // Loaded when a service of others is first asked or told something: Slack's client is the largest of it.
  { from: 'src/integrations/integrations.ts', to: 'dist/integrations.cjs', options: host },
  // Loaded when guides are first read: the Markdown parser is half of what the main bundle would be.
  { from: 'src/core/guide/parseGuide.ts', to: 'dist/guide.cjs', options: host },
  // Loaded when a guide first stands in an editor: it brings planning, for hovers and diagnostics.
  { from: 'src/editor/authoring/startAuthoring.ts', to: 'dist/authoring.cjs', options: host },
  // Loaded when a post-mortem first stands in an editor: its lint and what refreshes it.
  { from: 'src/editor/postmortem/startPostMortem.ts', to: 'dist/postmortem.cjs', options: host },
  // Loaded when the people file is first read: it brings the YAML reader.
  { from: 'src/editor/people/peopleText.ts', to: 'dist/people.cjs', options: host },
  {
    from: 'src/cli/main.ts',
    to: 'dist/incident-guide.cjs',
    options: { ...host, banner: { js: '#!/usr/bin/env node' } },
  },
  { from: 'src/simulator/main.ts', to: 'dist/simulator.cjs', options: host },
  { from: 'webview-ui/main.ts', to: 'dist/webview/runbook.js', options: page },
  { from: 'webview-ui/runbook.css', to: 'dist/webview/runbook.css', options: page },
  { from: 'webview-ui/reportMain.ts', to: 'dist/webview/report.js', options: page },
  { from: 'webview-ui/report.css', to: 'dist/webview/report.css', options: page },
];

/** The in-host tests: each file by itself, because mocha must be there before they are loaded. */
function hostTests(): Target[] {
  const folder = 'test/editor/host';
  const files = existsSync(path.join(root, folder)) ? readdirSync(path.join(root, folder)) : [];
  return [
    { from: 'test/editor/runner/run.ts', to: 'out/test/index.cjs', options: inHost },
    { from: 'bench/activationProbe.ts', to: 'out/bench/activationProbe.cjs', options: inHost },
    ...files
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => ({
        from: `${folder}/${file}`,
        to: `out/test/host/${file.replace(/\.ts$/, '.cjs')}`,
        options: inHost,
      })),
  ];
}

function optionsFor(target: Target, mode: BuildMode): BuildOptions {
  const { from, to, options } = target;
  return {
    ...options,
    absWorkingDir: root,
    entryPoints: [from],
    outfile: path.join(mode.into ?? root, to),
    bundle: true,
    minify: mode.production === true,
    sourcemap: mode.production !== true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
  };
}

/** Builds one target; esbuild has printed what is wrong before the PlainFailure names the target. */
async function bundle(target: Target, mode: BuildMode): Promise<Metafile> {
  try {
    const { metafile } = await esbuild({ ...optionsFor(target, mode), metafile: true });
    return metafile;
  } catch {
    throw new PlainFailure(`${target.from} was not built: see the errors above.`);
  }
}

/** The products whose source exists; the others fail the build, or are named when that is allowed. */
function present(targets: readonly Target[], mode: BuildMode): Target[] {
  const missing = targets.filter(({ from }) => !existsSync(path.join(root, from))).map(({ from }) => from);
  if (missing.length > 0) {
    const sentence = `Not built, because the source is not there: ${missing.join(', ')}.`;
    if (mode.allowMissing !== true) throw new PlainFailure(`${sentence} To leave them out: --allow-missing`);
    process.stderr.write(`${sentence}\n`);
  }
  return targets.filter(({ from }) => !missing.includes(from));
}

/** Builds everything; gives esbuild's metafile per product, by the name of the file made. */
export async function buildProject(mode: BuildMode = {}): Promise<Map<string, Metafile>> {
  const folder = mode.into ?? root;
  if (mode.production) await rm(path.join(folder, 'dist'), { recursive: true, force: true });
  const metafiles = new Map<string, Metafile>();
  const wanted = products.filter(({ to }) => mode.only === undefined || to === mode.only);
  for (const target of present(wanted, mode)) metafiles.set(target.to, await bundle(target, mode));
  if (mode.only !== undefined) return metafiles;
  await chmod(path.join(folder, 'dist/incident-guide.cjs'), 0o755).catch(() => undefined);
  if (mode.production && !mode.into) await writeNotices([...metafiles.values()]);
  return metafiles;
}

/** Bundles what runs inside the editor's process: the in-host tests and the activation probe of the benchmarks. */
export async function buildHostTests(): Promise<void> {
  await rm(path.join(root, 'out/test'), { recursive: true, force: true });
  for (const target of present(hostTests(), {})) await bundle(target, {});
}

/** Bytes of a built product. */
export function sizeOf({ outputs }: Metafile): number {
  return Object.entries(outputs).find(([file]) => !file.endsWith('.map'))?.[1].bytes ?? 0;
}

async function watch(mode: BuildMode): Promise<void> {
  for (const target of present([...products, ...hostTests()], { ...mode, allowMissing: true })) {
    const watched = await context({ ...optionsFor(target, mode), logLevel: 'info' });
    await watched.watch();
  }
  // The words the problem matcher of .vscode/tasks.json waits for.
  console.log('watching: ready');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      watch: { type: 'boolean' },
      production: { type: 'boolean' },
      'allow-missing': { type: 'boolean' },
    },
  });
  const mode: BuildMode = {
    production: values.production === true,
    allowMissing: values['allow-missing'] === true,
  };
  const started = Date.now();
  if (values.watch) return watch(mode);
  const made = await buildProject(mode);
  if (!mode.production) await buildHostTests();
  for (const [file, metafile] of made) {
    console.log(`${file.padEnd(26)} ${Math.round(sizeOf(metafile) / 1024)} KB`);
  }
  console.log(`built in ${seconds(Date.now() - started)}`);
}

if (import.meta.main) await main().catch(fail);
