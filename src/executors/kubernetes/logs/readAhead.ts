/**
 * Reads a byte stream into memory ahead of its reader, at most `limitBytes` of it: several logs load at once while
 * they are printed one after another. What the source throws is thrown to the reader, after what came before it.
 */
export function readAhead(source: AsyncIterable<Uint8Array>, limitBytes: number): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let held = 0;
  let end: { readonly thrown?: unknown } | undefined;
  let wakeReader = () => {};
  let wakeSource = () => {};

  const pump = async (): Promise<void> => {
    try {
      for await (const chunk of source) {
        chunks.push(chunk);
        held += chunk.length;
        wakeReader();
        while (held >= limitBytes) await new Promise<void>((resolve) => (wakeSource = resolve));
      }
      end = {};
    } catch (thrown) {
      end = { thrown };
    }
    wakeReader();
  };
  void pump();

  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          held -= chunk.length;
          wakeSource();
          yield chunk;
        } else if (end !== undefined) {
          if ('thrown' in end) throw end.thrown;
          return;
        } else {
          await new Promise<void>((resolve) => (wakeReader = resolve));
        }
      }
    },
  };
}
