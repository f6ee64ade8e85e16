import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ensureGoProgram, fetchGoModule } from '../goBuild.ts';

const version = 'v0.8.0';

/**
 * As it is, kwok's `exec` answers every failed command with the same internal error and never tells a command that its
 * input has ended. A kubelet gives the exit code and closes stdin; so does this kwok.
 */
const execChanges = [
  {
    file: 'pkg/kwok/server/debugging_exec.go',
    from: '\terr := utilsexec.Exec(ctx, cmd[0], cmd[1:]...)\n',
    to: `	err := utilsexec.Exec(ctx, cmd[0], cmd[1:]...)
	if exited := (*osexec.ExitError)(nil); errors.As(err, &exited) && exited.Exited() {
		return k8sexec.CodeExitError{Err: err, Code: exited.ExitCode()}
	}
`,
  },
  {
    file: 'pkg/kwok/server/debugging_exec.go',
    from: 'import (\n',
    to: 'import (\n\t"errors"\n\tosexec "os/exec"\n\n\tk8sexec "k8s.io/utils/exec"\n',
  },
  {
    file: 'pkg/utils/exec/exec.go',
    from: '_, _ = io.Copy(inPipe, opt.In)\n',
    to: '_, _ = io.Copy(inPipe, opt.In)\n\t\t\t\t_ = inPipe.Close()\n',
  },
];

export interface Kwok {
  readonly program: string;
  /** kwok's own stages that make nodes ready and pods run at once, in Go's module cache: read-only. */
  readonly stageFiles: readonly string[];
  /** The definition of its kind Logs, ditto. */
  readonly logsDefinition: string;
}

/** kwok, the stand-in for every node's kubelet, built once, and its stages as its module carries them. */
export async function ensureKwok(): Promise<Kwok> {
  const folder = await ensureGoProgram({
    name: 'kwok-exec',
    version,
    files: { module: 'sigs.k8s.io/kwok', changes: execChanges },
    packages: ['./cmd/kwok'],
    ldflags: '-s -w',
    outputs: ['kwok'],
  });
  const module = await fetchGoModule('sigs.k8s.io/kwok', version);
  const kustomize = path.join(module.folder, 'kustomize');
  const stages = ['node/fast', 'node/heartbeat', 'pod/fast'].map(async (folder) => {
    const files = await readdir(path.join(kustomize, 'stage', folder));
    return files
      .filter((file) => /^(node|pod)-.*\.yaml$/.test(file))
      .map((file) => path.join(kustomize, 'stage', folder, file));
  });
  return {
    program: path.join(folder, 'kwok'),
    stageFiles: (await Promise.all(stages)).flat(),
    logsDefinition: path.join(kustomize, 'crd', 'bases', 'kwok.x-k8s.io_logs.yaml'),
  };
}
