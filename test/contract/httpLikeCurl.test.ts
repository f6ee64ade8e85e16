import { execFileSync } from 'node:child_process';
import { describeHttp } from './suites/http.suite.ts';

/** The curl on PATH; undefined when there is none. */
function findCurl(): string | undefined {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return 'curl';
  } catch {
    return undefined;
  }
}

describeHttp(findCurl());
