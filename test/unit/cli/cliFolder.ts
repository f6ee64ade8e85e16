import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../../../src/cli/runCli.ts';

export interface CliAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own with these files in it, in which the command is run. */
export interface CliFolder {
  readonly path: string;
  write(file: string, content: string | Uint8Array): void;
  run(...args: string[]): Promise<CliAnswer>;
  dispose(): void;
}

export function createCliFolder(files: Readonly<Record<string, string>> = {}): CliFolder {
  const path = mkdtempSync(join(tmpdir(), 'incident-guide-'));
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  };
  for (const [file, content] of Object.entries(files)) write(file, content);
  return { path, write, run: runIn(path), dispose: () => rmSync(path, { recursive: true, force: true }) };
}

export const runIn =
  (cwd: string) =>
  async (...args: string[]): Promise<CliAnswer> => {
    let out = '';
    let err = '';
    const code = await runCli(args, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      cwd,
    });
    return { code, out, err };
  };

export const smallGuide = `# Shop incidents

## Severities

| Severity | Description | Response Time |
|---|---|---|
| P0 | Shop is down | 5 minutes |
| P1 | Shop is slow | 1 hour |

## Runbooks

### Pods crash

\`\`\`bash
# 1. Look at the pods
kubectl get pods -n shop -l app=<service>

# 2. If one crashes
kubectl logs <pod> -n shop --previous

# 3. Look at the board
# Grafana > Shop
\`\`\`
`;
