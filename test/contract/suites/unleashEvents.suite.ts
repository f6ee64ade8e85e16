import assert from 'node:assert/strict';
import { readUnleashEvents } from '../../../src/integrations/unleashEvents.ts';
import { signalsOf, untilDone, waitFor } from './alertSite.ts';
import type { FlagProduction, FlagSite } from './flags.suite.ts';
import { describeSourceFaults } from './sourceFaults.suite.ts';

/** Flag changes as Unleash's own event log tells them. Puts the flag back. */
export function describeUnleashEvents(production: FlagProduction): void {
  describe(`flag changes of ${production.title}`, function () {
    this.timeout(60_000);
    let site: FlagSite;
    before(async () => {
      site = await production.start();
    });
    after(() => site?.dispose());
    const connection = (since = new Date(Date.now() - 3_600_000).toISOString()) => {
      const { project, environment } = site.service(site.url);
      return { baseUrl: site.url, token: site.token, project, environment, since };
    };

    it('are told with flag, environment and what was done, the newest first', async () => {
      const since = new Date().toISOString();
      const was = await site.isOn();
      await site.set(!was);
      await site.set(was);
      const told = await waitFor('both changes', async () => {
        const read = signalsOf(await readUnleashEvents(connection(since), untilDone()));
        return read.length >= 2 ? read : undefined;
      });
      assert.deepEqual(
        told.map(({ title, kind, state }) => [title, kind, state]),
        [was, !was].map((on) => [
          `${site.flag}: ${on ? 'enabled' : 'disabled'} in production`,
          'flag',
          'happened',
        ]),
      );
      assert.equal(new Set(told.map(({ id }) => id)).size, told.length);
    });

    it('of another environment or before the time asked for are left out', async () => {
      // Not before this suite: a system that is just up has switched flags of its own while it was filled.
      const since = new Date().toISOString();
      const was = await site.isOn();
      await site.set(!was);
      await site.set(was);
      const elsewhere = { ...connection(since), environment: 'development' };
      assert.deepEqual(signalsOf(await readUnleashEvents(elsewhere, untilDone())), []);
      const later = connection(new Date(Date.now() + 1000).toISOString());
      assert.deepEqual(signalsOf(await readUnleashEvents(later, untilDone())), []);
    });

    it('are refused to a token that is not known', async () => {
      const refused = await readUnleashEvents({ ...connection(), token: 'not-a-token' }, untilDone());
      assert.equal(refused.ok ? '' : refused.failure.code, 'unauthorized');
    });

    describeSourceFaults({
      system: 'Unleash',
      upstream: () => site.url,
      word: () => site.token,
      read: (baseUrl, token, timeoutMs, signal) =>
        readUnleashEvents({ ...connection(), baseUrl, token, timeoutMs }, signal),
    });
  });
}
