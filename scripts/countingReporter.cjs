// Mocha's spec reporter, which also writes what came out to the file named by INCIDENT_COUNTS_FILE, by test file: the
// file is written when the run has ended, so a suite that crashed leaves none.
const { writeFileSync } = require('node:fs');
const path = require('node:path');
const Mocha = require('mocha');

const { Spec } = Mocha.reporters;
const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS } = Mocha.Runner.constants;

module.exports = class CountingReporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    const files = {};
    const countsOf = (test) => {
      const file = path.relative(process.cwd(), test.file ?? test.parent?.file ?? '');
      return (files[file] ??= { passed: 0, failures: [] });
    };
    runner.on(EVENT_TEST_PASS, (test) => (countsOf(test).passed += 1));
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      const reason = String(error?.message ?? error).slice(0, 2_000);
      countsOf(test).failures.push({ test: test.fullTitle(), reason });
    });
    runner.once(EVENT_RUN_END, () => {
      const file = process.env.INCIDENT_COUNTS_FILE;
      if (file) writeFileSync(file, JSON.stringify(files));
    });
  }
};
