import type { OutputStream, RunIo } from '../../../src/core/ports.ts';

export interface CollectedOutput extends RunIo {
  stdout: string;
  stderr: string;
  /** Resolves once standard output or standard error holds `text`. */
  seen(text: string): Promise<void>;
}

/** Keeps what a run prints. With `hold`, each write waits for that promise: a sink that is full. */
export function collectOutput(hold?: (text: string) => Promise<void> | undefined): CollectedOutput {
  const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  const output: CollectedOutput = {
    stdout: '',
    stderr: '',
    write(text: string, stream: OutputStream) {
      output[stream] += text;
      for (const one of waiting) if ((output.stdout + output.stderr).includes(one.text)) one.resolve();
      return hold?.(text);
    },
    seen: (text) =>
      new Promise((resolve) => {
        if ((output.stdout + output.stderr).includes(text)) resolve();
        else waiting.push({ text, resolve });
      }),
  };
  return output;
}

/** A signal that never aborts. */
export const untilDone = (): AbortSignal => new AbortController().signal;
