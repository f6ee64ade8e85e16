import * as v from 'valibot';
import { failed, ok } from '../../core/errors.ts';
import { plainResult } from '../askJson.ts';
import type { CheckConnection } from '../connection.ts';
import { notConnected } from '../deliverAs.ts';
import { askStatuspage } from './statuspageApi.ts';

const pagesSchema = v.array(
  v.object({
    id: v.string(),
    name: v.string(),
    subdomain: v.nullish(v.string()),
    domain: v.nullish(v.string()),
  }),
);
type Page = v.InferOutput<typeof pagesSchema>[number];

/** Lists the pages that the key sees; `options.pageId` is the setting's. Statuspage tells nobody whose a key is. */
export const checkStatuspage: CheckConnection = async ({ baseUrl, token, options }, signal) => {
  if (token === undefined) return plainResult(notConnected('Statuspage'));
  const answer = await askStatuspage(
    { fetch: (url, init) => globalThis.fetch(url, init), baseUrl, token },
    { method: 'GET', path: '/pages', what: 'list its pages' },
    pagesSchema,
    signal,
  );
  if (!answer.ok) return plainResult(answer);
  const pages = answer.value.body;
  if (pages.length === 0)
    return failed(
      'forbidden',
      'Statuspage knows this key, but shows it no page. Make another key, then connect again.',
    );
  const { pageId = '' } = options;
  const page = pages.find(({ id }) => id === pageId);
  const offered = pages.map((one) => `${one.id} (${one.name})`).join(', ');
  if (page) return ok({ who: nameOf(page), warnings: [] });
  return ok({
    who: pages.map(nameOf).join(', '),
    warnings: [
      pageId === ''
        ? `No page is chosen: set incident.statuspage.pageId to one of ${offered}.`
        : `This key sees no page ${pageId}: set incident.statuspage.pageId to one of ${offered}.`,
    ],
  });
};

const nameOf = ({ name, domain, subdomain }: Page): string => {
  const at = domain || (subdomain ? `${subdomain}.statuspage.io` : '');
  return at ? `${name} (${at})` : name;
};
