/** One change as a watch tells it. */
export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/**
 * The events of a watch, one JSON document for each line, until it ends; throws what its connection throws.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* watchEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parseEvent(line);
  }
}

/** What is no event ends the watch as an error of the server would. */
function parseEvent(line: string): WatchEvent {
  try {
    const { type, object } = JSON.parse(line) as Partial<WatchEvent>;
    return { type: type ?? 'ERROR', object };
  } catch {
    return { type: 'ERROR', object: undefined };
  }
}
