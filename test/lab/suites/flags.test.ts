import type { FlagProduction, FlagSite } from '../../contract/suites/flags.suite.ts';
import { describeFlags } from '../../contract/suites/flags.suite.ts';
import { describeUnleashEvents } from '../../contract/suites/unleashEvents.suite.ts';
import { readLab } from '../labDescription.ts';

const production: FlagProduction = {
  title: 'the lab’s Unleash',
  lists: true,
  async start(): Promise<FlagSite> {
    const { unleash } = await readLab('unleash');
    const { url, adminToken, project, environment, enabledFlag } = unleash;
    const feature = `${url}/api/admin/projects/${project}/features/${enabledFlag}/environments/${environment}`;
    const call = async (method: string, address: string): Promise<Response> => {
      const response = await fetch(address, { method, headers: { authorization: adminToken } });
      if (!response.ok) throw new Error(`Unleash answered ${method} ${address} with ${response.status}.`);
      return response;
    };
    return {
      url,
      service: (baseUrl) => ({ kind: 'unleash', baseUrl, token: 'FLAG_TOKEN', project, environment }),
      token: adminToken,
      flag: enabledFlag,
      unknownToken: /401/,
      isOn: async () => ((await (await call('GET', feature)).json()) as { enabled: boolean }).enabled,
      set: async (on) => void (await call('POST', `${feature}/${on ? 'on' : 'off'}`)),
      ownLine: (at) =>
        `curl -X POST ${at}/api/admin/projects/${project}/features/${enabledFlag}/environments/${environment}/off`,
      dispose: () => Promise.resolve(),
    };
  },
};

describeFlags(production);
describeUnleashEvents(production);
