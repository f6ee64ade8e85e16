import path from 'node:path';
import { ensureGoProgram } from '../goBuild.ts';

const version = 'v3.6.5';

/** The path of etcd, built once. */
export async function ensureEtcd(): Promise<string> {
  const folder = await ensureGoProgram({
    name: 'etcd',
    version,
    files: {
      'go.mod': `module lab/etcd\n\ngo 1.24\n\nrequire go.etcd.io/etcd/server/v3 ${version}\n`,
      'main.go': `package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
`,
    },
    packages: ['.'],
    ldflags: '-s -w',
    outputs: ['etcd'],
  });
  return path.join(folder, 'etcd');
}
