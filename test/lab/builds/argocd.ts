import path from 'node:path';
import { ensureGoProgram, fetchGoModule, type GoFiles } from '../goBuild.ts';

const module = 'github.com/argoproj/argo-cd/v3';
const version = 'v3.2.11';

export interface ArgoCdProgram {
  /** One binary: its role is chosen by `ARGOCD_BINARY_NAME`, without it the command line. */
  readonly program: string;
  /** The custom resource definitions of this very version. */
  readonly definitions: readonly string[];
}

/** Argo CD, built once; its definitions are read from Go's module cache and copied nowhere. */
export async function ensureArgoCd(): Promise<ArgoCdProgram> {
  const { folder: source } = await fetchGoModule(module, version);
  const folder = await ensureGoProgram({
    name: 'argocd',
    version,
    files: wrapperModule,
    packages: [`${module}/cmd`],
    ldflags: `-s -w -X ${module}/common.version=${version.slice(1)}`,
    outputs: ['argocd'],
  });
  return {
    program: path.join(folder, 'argocd'),
    definitions: ['application-crd.yaml', 'applicationset-crd.yaml', 'appproject-crd.yaml'].map((file) =>
      path.join(source, 'manifests', 'crds', file),
    ),
  };
}

/** Argo CD compiles only with the versions its own go.mod puts in place of others, which are not inherited. */
async function wrapperModule(): Promise<GoFiles> {
  const { goMod } = await fetchGoModule(module, version);
  const replaced = /^replace \([\s\S]*?^\)/m.exec(goMod)?.[0] ?? '';
  const goVersion = /^go (\S+)$/m.exec(goMod)?.[1] ?? '1.25';
  return {
    'go.mod': ['module lab/argocd', `go ${goVersion}`, `require ${module} ${version}`, replaced, ''].join(
      '\n',
    ),
    'tools.go': `//go:build tools\n\npackage tools\n\nimport _ "${module}/cmd"\n`,
  };
}
