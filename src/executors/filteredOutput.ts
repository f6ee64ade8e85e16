import { createFilterPipeline } from '../core/plan/filters/filters.ts';
import type { Filter } from '../core/plan/plan.ts';
import type { RunIo } from '../core/ports.ts';

/** A run's output behind its filters. */
export interface FilteredOutput {
  /** True when lines are searched, sorted or counted on their way: nothing may be put in front of them. */
  readonly isFiltered: boolean;
  /** Standard output, through the filters. False when they need no more (`head` is full): stop reading then. */
  write(text: string): Promise<boolean>;
  /** Standard error, past the filters, as a pipe in a shell would leave it. */
  error(text: string): Promise<void>;
  /** Ends the filters and prints what they held back. False when a grep found nothing. */
  end(): Promise<boolean>;
}

/** Puts the plan's filters between an executor and the run's output, keeping the sink's backpressure. */
export function createFilteredOutput(filters: readonly Filter[], io: RunIo): FilteredOutput {
  if (filters.length === 0) {
    return {
      isFiltered: false,
      write: async (text) => {
        if (text !== '') await io.write(text, 'stdout');
        return true;
      },
      error: async (text) => void (await io.write(text, 'stderr')),
      end: () => Promise.resolve(true),
    };
  }
  const pipeline = createFilterPipeline(filters);
  return {
    isFiltered: true,
    async write(text) {
      if (pipeline.done) return false;
      const through = pipeline.write(text);
      if (through !== '') await io.write(through, 'stdout');
      return !pipeline.done;
    },
    error: async (text) => void (await io.write(text, 'stderr')),
    async end() {
      const { text, matched } = pipeline.end();
      if (text !== '') await io.write(text, 'stdout');
      return matched;
    },
  };
}
