/**
 * Makes the tests of the suite that calls it one story: after the first that failed the rest would only wait, so they
 * are skipped, with the reason in the output. Mocha's own `bail` also skips them for a failure in another file.
 */
export function oneStory(): void {
  let broken: string | undefined;
  beforeEach('the story so far', function () {
    if (broken === undefined) return;
    console.log(`Not run, since “${broken}” failed before it:`);
    this.skip();
  });
  afterEach('the story so far', function () {
    if (this.currentTest?.state === 'failed') broken ??= this.currentTest.title;
  });
}
