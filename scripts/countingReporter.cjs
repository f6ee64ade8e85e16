// Mocha's spec reporter, which also writes `{passed, failed}` to the file named by INCIDENT_COUNTS_FILE: the counts
// are written when the run has ended, so a suite that crashed leaves none.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

const { Spec } = Mocha.reporters;

module.exports = class CountingReporter extends Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const file = process.env.INCIDENT_COUNTS_FILE;
      const { passes, failures } = runner.stats ?? { passes: 0, failures: 1 };
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
};
