import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../../src/core/errors.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import { decide } from '../../../../src/core/incident/decide.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { after, journalOf } from '../../../support/builders.ts';

/** Facts so far, a command, what comes of it. Facts are a minute apart; the command comes an hour after the declare. */
export const given = (...facts: readonly Fact[]) => ({
  when(command: Command, now = after(60)) {
    const result = decide(replay(journalOf(...facts)), command, now);
    return {
      then(...expected: readonly Fact[]) {
        assert.deepEqual(result, { ok: true, value: expected });
      },
      /** The sentence must hold `saying`, and never be empty. */
      thenRefused(code: ErrorCode, saying: RegExp = /\.$/) {
        assert.ok(!result.ok, `was accepted: ${JSON.stringify(result)}`);
        assert.equal(result.failure.code, code, result.failure.message);
        assert.match(result.failure.message, saying);
      },
    };
  },
});
