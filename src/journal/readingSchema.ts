import * as v from 'valibot';

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What a run's output said, as a journal keeps it. */
export const readingSchema = v.looseObject({
  whole: v.boolean(),
  lines: count,
  pods: v.exactOptional(
    v.looseObject({
      total: count,
      healthy: count,
      restarted: count,
      chosen: v.exactOptional(v.literal(true)),
      states: v.record(text, count),
      troubled: v.array(v.looseObject({ name: text, status: text })),
    }),
  ),
  table: v.exactOptional(
    v.looseObject({ columns: v.array(text), rows: v.array(v.array(text)), cut: v.boolean() }),
  ),
  logs: v.exactOptional(
    v.looseObject({
      chosen: v.exactOptional(v.literal(true)),
      errors: count,
      byEndpoint: v.array(v.looseObject({ endpoint: text, errors: count })),
    }),
  ),
  database: v.exactOptional(
    v.looseObject({
      connections: v.exactOptional(count),
      limit: v.exactOptional(count),
      refused: v.exactOptional(text),
    }),
  ),
  json: v.exactOptional(text),
  httpStatus: v.exactOptional(count),
  httpMethod: v.exactOptional(text),
  metrics: v.exactOptional(
    v.looseObject({
      set: v.exactOptional(v.picklist(['postgresql', 'redis', 'service'])),
      queries: v.array(
        v.looseObject({
          id: text,
          title: text,
          query: text,
          unit: v.picklist(['ratio', 'seconds', 'bytes', 'per-second', 'count']),
          series: count,
          highest: v.exactOptional(v.number()),
          lowest: v.exactOptional(v.number()),
          lastAt: v.exactOptional(text),
          failed: v.exactOptional(text),
          limit: v.exactOptional(v.looseObject({ is: v.picklist(['over', 'under']), value: v.number() })),
          optional: v.exactOptional(v.literal(true)),
        }),
      ),
    }),
  ),
  services: v.exactOptional(
    v.array(v.looseObject({ name: text, endpoints: v.exactOptional(count), because: v.exactOptional(text) })),
  ),
});

export const checkedSchema = v.array(
  v.looseObject({
    assertion: text,
    result: v.picklist(['passed', 'failed', 'not-checked']),
    because: text,
  }),
);
