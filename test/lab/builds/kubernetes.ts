import path from 'node:path';
import { ensureGoProgram, fetchGoModule, type GoFiles } from '../goBuild.ts';

/** As `kubectl version` says it. */
export const kubernetesVersion = 'v1.36.3';
const version = kubernetesVersion;
const stagingVersion = version.replace('v1.', 'v0.');
const programs = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const;

/** The paths of Kubernetes' servers and of its kubectl, built once from one version. */
export type KubernetesPrograms = Readonly<Record<(typeof programs)[number], string>>;

export async function ensureKubernetes(): Promise<KubernetesPrograms> {
  const folder = await ensureGoProgram({
    name: 'kubernetes',
    version,
    files: wrapperModule,
    packages: programs.map((program) => `k8s.io/kubernetes/cmd/${program}`),
    ldflags: `-s -w -X k8s.io/component-base/version.gitVersion=${version}`,
    outputs: programs,
  });
  const paths = programs.map((program) => [program, path.join(folder, program)]);
  return Object.fromEntries(paths) as KubernetesPrograms;
}

/**
 * k8s.io/kubernetes requires its staging modules at v0.0.0 and replaces them by folders of its repository, which a
 * module that requires it does not inherit: here each is replaced by its published version.
 */
async function wrapperModule(): Promise<GoFiles> {
  const { goMod } = await fetchGoModule('k8s.io/kubernetes', version);
  const staging = [...goMod.matchAll(/^\s+(k8s\.io\/\S+) v0\.0\.0(?:\s|$)/gm)].map((match) => match[1] ?? '');
  const goVersion = /^go (\S+)$/m.exec(goMod)?.[1] ?? '1.26';
  const imports = programs.map((program) => `import _ "k8s.io/kubernetes/cmd/${program}"`);
  return {
    'go.mod': [
      'module lab/kubernetes',
      `go ${goVersion}`,
      `require k8s.io/kubernetes ${version}`,
      ...staging.map((module) => `replace ${module} => ${module} ${stagingVersion}`),
      '',
    ].join('\n'),
    'tools.go': ['//go:build tools', '', 'package tools', '', ...imports, ''].join('\n'),
  };
}
