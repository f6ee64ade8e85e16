import assert from 'node:assert/strict';
import type { DeliveryService } from '../../../src/core/deliveries/deliveryPort.ts';
import { fetchTicketState } from '../../../src/integrations/tickets/fetchTicketState.ts';
import type { TicketTask } from '../../../src/integrations/tickets/ticketSystem.ts';
import type { SeenTicket, TicketIncident, TicketProduction, TicketSite } from './ticketSite.ts';
import { delivered, refused, startIncident } from './ticketSite.ts';

/** What a ticket system is asked to do when everything works, once however often it is asked. */
export function describeTickets(production: TicketProduction): void {
  describe(`tickets in ${production.title}`, function () {
    this.timeout(60_000);
    let site: TicketSite;
    let service: DeliveryService;
    let incident: TicketIncident;
    before(async () => {
      site = await production.start();
    });
    after(() => site.dispose());
    beforeEach(() => {
      // Each time as after a restart: nothing is remembered.
      service = newService();
      incident = startIncident(site);
    });
    const newService = (token = site.token): DeliveryService =>
      site.createService({ tokenOf: () => Promise.resolve(token) });
    const late = (): number => site.settleMs + 1;

    async function only(): Promise<SeenTicket> {
      const [ticket, ...others] = await site.tickets(incident.words);
      assert.ok(ticket);
      assert.deepEqual(others, []);
      return ticket;
    }
    const open = async (): Promise<SeenTicket> => {
      delivered(await incident.deliver(service, incident.newTicket()));
      return only();
    };
    type Said = Pick<Extract<TicketTask, { act: 'comment' | 'close' | 'reopen' }>, 'act' | 'text'>;
    const say = (act: Said['act'], text: string): TicketTask => ({ system: site.system, act, text });

    it('makes one with title, text and labels, and says where it is', async () => {
      const result = delivered(await incident.deliver(service, incident.newTicket()));
      const ticket = await only();
      assert.equal(ticket.title, `SEV2 Payments failing ${incident.words}`);
      assert.match(ticket.text, /Payments .*fail/);
      assert.match(ticket.text, /payment-service/);
      assert.doesNotMatch(ticket.text, /01TICKETS/);
      assert.deepEqual([...ticket.labels].sort(), ['incident', 'severity-sev2']);
      assert.ok(ticket.isOpen);
      assert.equal(result.found, undefined);
      assert.equal(result.receipt.id, ticket.id);
      assert.equal(result.receipt.name, site.nameOf(ticket.id));
      assert.match(result.receipt.url ?? '', /^https?:\/\//);
      assert.equal(result.receipt.detail, undefined);
    });

    it('finds it after a restart, behind what others made since', async () => {
      const ticket = await open();
      for (let other = 0; other < 105; other++) await site.makeOther(`Other ${other}`);
      const again = await incident.deliver(newService(), incident.newTicket(), { attempt: 2, later: late() });
      assert.equal(delivered(again).found, true);
      assert.equal(delivered(again).receipt.id, ticket.id);
      assert.equal(delivered(again).receipt.name, site.nameOf(ticket.id));
      await only();
    });

    it('makes it when the earlier attempt left nothing', async () => {
      const result = await incident.deliver(service, incident.newTicket(), { attempt: 2, later: late() });
      assert.equal(delivered(result).found, undefined);
      await only();
    });

    it('does not take the ticket of another delivery for its own', async () => {
      await open();
      const other = startIncident(site);
      const result = await other.deliver(service, other.newTicket(), { attempt: 2, later: late() });
      assert.equal(delivered(result).found, undefined);
      assert.equal((await site.tickets(other.words)).length, 1);
    });

    it('waits with a second one as long as the first may still turn up', async () => {
      const result = refused(
        await incident.deliver(service, incident.newTicket(), { attempt: 2, later: 1000 }),
      );
      assert.equal(result.retry, 'automatic');
      assert.equal(result.retryAfterMs, site.settleMs - 1000);
      assert.match(result.failure.message, /earlier attempt/);
      assert.deepEqual(await site.tickets(incident.words), []);
    });

    it('comments once, among many comments of others', async () => {
      const { id } = await open();
      const others = async (): Promise<void> => {
        for (let other = 0; other < 105; other++) await site.commentAsOther(id, `Other ${other}`);
      };
      await others();
      const comment = say('comment', 'Channel: **#incident** is `open`');
      const first = delivered(await incident.deliver(service, comment, { mark: 'A' }));
      assert.equal(first.receipt.name, site.nameOf(id));
      await others();
      const again = await incident.deliver(newService(), comment, { mark: 'A', attempt: 2, later: late() });
      assert.equal(delivered(again).found, true);
      assert.equal(delivered(again).receipt.id, first.receipt.id);
      for (const mark of ['B', 'C']) {
        const next = await incident.deliver(newService(), comment, { mark, attempt: 2, later: late() });
        assert.equal(delivered(next).found, undefined);
      }
      const said = (await only()).comments.filter((text) => /#incident.* is .*open/.test(text));
      assert.equal(said.length, 3);
      assert.doesNotMatch(said.join(), /01TICKETS/);
    });

    it('exchanges the severity label and leaves the others', async () => {
      const labels = ['incident', 'severity-sev2', 'payments'];
      delivered(await incident.deliver(service, incident.newTicket({ labels })));
      const severity = {
        system: site.system,
        act: 'set-severity',
        label: 'severity-sev1',
      } as const;
      delivered(await incident.deliver(service, severity, { mark: 'A' }));
      assert.deepEqual([...(await only()).labels].sort(), ['incident', 'payments', 'severity-sev1']);
      delivered(await incident.deliver(service, severity, { mark: 'A', attempt: 2 }));
      assert.deepEqual([...(await only()).labels].sort(), ['incident', 'payments', 'severity-sev1']);
    });

    it('closes with a last word, and reopens, once each', async () => {
      await open();
      const close = say('close', 'Rolled back to **v41**');
      delivered(await incident.deliver(service, close, { mark: 'A' }));
      let ticket = await only();
      assert.equal(ticket.isOpen, false);
      assert.match(ticket.comments.join(), /Rolled back to .*v41/);
      const again = await incident.deliver(newService(), close, { mark: 'A', attempt: 2, later: late() });
      assert.equal(delivered(again).found, true);
      assert.equal((await only()).comments.length, 1);

      const reopen = say('reopen', 'It is back');
      delivered(await incident.deliver(service, reopen, { mark: 'B' }));
      ticket = await only();
      assert.equal(ticket.isOpen, true);
      assert.equal(ticket.comments.length, 2);
      delivered(await incident.deliver(newService(), reopen, { mark: 'B', attempt: 2, later: late() }));
      ticket = await only();
      assert.equal(ticket.isOpen, true);
      assert.equal(ticket.comments.length, 2);
    });

    it('closes what had its last word already when the attempt before broke off between', async () => {
      const { id } = await open();
      const close = say('close', 'Rolled back');
      delivered(await incident.deliver(service, close, { mark: 'A' }));
      delivered(await incident.deliver(service, say('reopen', ''), { mark: 'B' }));
      delivered(await incident.deliver(newService(), close, { mark: 'A', attempt: 2, later: late() }));
      const ticket = await only();
      assert.equal(ticket.id, id);
      assert.equal(ticket.isOpen, false);
      assert.equal(ticket.comments.length, 1);
    });

    it('says that it was closed already, and leaves its word all the same', async () => {
      await open();
      delivered(await incident.deliver(service, say('close', ''), { mark: 'A' }));
      const result = delivered(await incident.deliver(service, say('close', 'Fixed'), { mark: 'B' }));
      assert.match(result.receipt.detail ?? '', /closed already/);
      assert.deepEqual((await only()).comments.length, 1);
    });

    it('closes and reopens the ticket it is told, and leaves the incident’s own alone', async () => {
      await open();
      const own = await only();
      const action = incident.newTicket({ action: 'Alert on 5xx' });
      const { receipt } = delivered(await incident.deliver(service, action, { mark: 'action' }));
      assert.notEqual(receipt.id, own.id);
      const states = async (): Promise<readonly boolean[]> => {
        const tickets = await site.tickets(incident.words);
        return [own.id, receipt.id].map((id) => tickets.find((one) => one.id === id)?.isOpen ?? false);
      };
      for (const [act, isOpen] of [
        ['close', false],
        ['reopen', true],
      ] as const) {
        const task: TicketTask = {
          system: site.system,
          act,
          text: 'As the post-mortem says.',
          ticket: receipt,
        };
        delivered(await incident.deliver(service, task, { mark: act }));
        assert.deepEqual(await states(), [true, isOpen]);
      }
    });

    it('takes the ticket from a receipt that a person gave by hand', async () => {
      const { id } = await open();
      const url = incident.receipts.get(`${site.system}/create-ticket`)?.url ?? '';
      for (const receipt of [{ id }, { id: url, url }])
        await (async () => {
          incident.receipts.set(`${site.system}/create-ticket`, receipt);
          delivered(await incident.deliver(service, say('comment', 'Hello'), { mark: receipt.id }));
        })();
      assert.equal((await only()).comments.length, 2);
    });

    it('does nothing to a ticket that is not known', async () => {
      for (const act of [say('comment', 'Hello'), say('close', 'Fixed')]) {
        const result = refused(await incident.deliver(service, act));
        assert.equal(result.failure.code, 'conflict');
        assert.equal(result.retry, 'person');
      }
    });

    it('cuts what is too long and still finds it', async () => {
      const long = incident.newTicket({
        body: 'long '.repeat(20_000),
        title: `${incident.words} ${'x'.repeat(300)}`,
      });
      delivered(await incident.deliver(service, long));
      assert.match((await only()).text, /cut here/);
      const again = await incident.deliver(newService(), long, { attempt: 2, later: late() });
      assert.equal(delivered(again).found, true);
      await only();
    });

    it('asks nobody without a token', async () => {
      const unconnected = site.createService({
        tokenOf: () => Promise.resolve(undefined),
        fetch: () => Promise.reject(new Error('it was asked')),
      });
      const result = refused(await incident.deliver(unconnected, incident.newTicket()));
      assert.equal(result.failure.code, 'unauthorized');
      assert.match(result.failure.message, /Incident: Connect/);
    });

    it('says who the token is, and what it does not see', async () => {
      const signal = new AbortController().signal;
      const { url: baseUrl, token } = site;
      const known = await site.check({ baseUrl, token, options: site.place(baseUrl) }, signal);
      assert.ok(known.ok, JSON.stringify(known));
      assert.match(known.value.who, site.who);
      assert.deepEqual(known.value.warnings, []);
      const options = { ...site.place(baseUrl), ...site.unknownPlace };
      const unknown = await site.check({ baseUrl, token, options }, signal);
      assert.ok(unknown.ok, JSON.stringify(unknown));
      assert.match(unknown.value.warnings.join(), new RegExp(Object.values(site.unknownPlace).join('|')));
      if (site.wrongToken === undefined) return;
      const wrong = await site.check({ baseUrl, token: site.wrongToken, options }, signal);
      assert.ok(!wrong.ok);
      assert.equal(wrong.failure.code, 'unauthorized');
      assert.doesNotMatch(JSON.stringify(wrong), new RegExp(site.wrongToken));
    });

    it('tells whether a ticket is open', async () => {
      await open();
      const receipt = incident.receipts.get(`${site.system}/create-ticket`) ?? { id: '' };
      const state = async () => {
        const signal = new AbortController().signal;
        const fetched = await fetchTicketState(site.place(site.url), receipt, site.token, signal);
        return fetched.ok ? fetched.value : fetched.failure;
      };
      assert.deepEqual(await state(), { state: 'open', url: receipt.url });
      delivered(await incident.deliver(service, say('close', '')));
      assert.deepEqual(await state(), { state: 'closed', url: receipt.url });
    });
  });
}
