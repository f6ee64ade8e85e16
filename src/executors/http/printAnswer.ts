import type { RunIo } from '../../core/ports.ts';
import { classifyConnectionError } from '../../core/connectionError.ts';
import type { FilteredOutput } from '../filteredOutput.ts';
import type { Answer } from './exchange.ts';
import { headerOf } from './exchange.ts';
import type { HopRequest } from './hopRequest.ts';

/** The status line and headers as they came, with plain line ends; HTTP/1.1 is all that is spoken here. */
export async function printHead({ said, headers }: Answer, output: FilteredOutput): Promise<void> {
  const lines = headers.map(([name, value]) => `${name}: ${value}\n`).join('');
  await output.write(`HTTP/1.1 ${said}\n${lines}\n`);
}

/** What -v tells of one request and its answer, on standard error. */
export async function printRequest(request: HopRequest, answer: Answer, io: RunIo): Promise<void> {
  const { ip, port } = answer.connection.address;
  const lines = [
    `* Connected to ${request.url.hostname} (${ip}) port ${port}`,
    `> ${request.method} ${request.path} HTTP/1.1`,
    ...[['Host', request.url.host] as const, ...request.headers].map(
      ([name, value]) => `> ${name}: ${value}`,
    ),
    '>',
    `< HTTP/1.1 ${answer.said}`,
    ...answer.headers.map(([name, value]) => `< ${name}: ${value}`),
    '<',
  ];
  await io.write(`${lines.join('\n')}\n`, 'stderr');
}

/**
 * Prints the body as it comes, or only reads it where nothing is to be shown. Gives how it was cut off; undefined when
 * it came whole, or as far as the filters wanted it.
 */
export async function printBody(
  answer: Answer,
  output: FilteredOutput | undefined,
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let first = true;
  try {
    for await (const chunk of answer.body) {
      if (output === undefined) continue;
      if (first && chunk.includes(0)) {
        const type = headerOf(answer.headers, 'content-type') ?? 'unknown type';
        await output.error(`The answer is binary (${type}) and is not shown.\n`);
        return undefined;
      }
      first = false;
      // Leaving the loop gives the rest up: with `| head -5` it is not read.
      if (!(await output.write(decoder.decode(chunk, { stream: true })))) return undefined;
    }
  } catch (thrown) {
    await output?.write(decoder.decode());
    return classifyConnectionError(thrown).said;
  }
  await output?.write(decoder.decode());
  return undefined;
}
