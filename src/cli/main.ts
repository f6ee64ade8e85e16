import { runCli } from './runCli.ts';

/** A reader that has seen enough (`| head`) closes the pipe: that is no failure of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 1);
});
process.stderr.on('error', () => undefined);

void runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  cwd: process.cwd(),
}).then((code) => {
  // Not process.exit: what was written to a pipe must get out first.
  process.exitCode = code;
});
