import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { Databases } from '../../state/databases.ts';
import type { RdsParameters } from './rdsActions.ts';
import { RdsRefusal, rdsActions } from './rdsActions.ts';
import { renderXml } from './xml.ts';

const namespace = 'http://rds.amazonaws.com/doc/2014-10-31/';
/** Longest request body, bytes. */
const longestBody = 1 << 20;

export interface RdsServerOptions {
  /** The databases, moved to the present. */
  readonly present: () => Databases;
  /** Told of each request before it is answered. */
  readonly onRequest?: (action: string, parameters: RdsParameters) => void;
}

/**
 * The Amazon RDS Query API (version 2014-10-31) for describe, failover and reboot: form parameters in, XML out. Any
 * signature is taken, but a request without one is refused, and a region the databases are not in has none.
 */
export const createRdsServer = ({ present, onRequest }: RdsServerOptions): Server =>
  createServer((request, response) => {
    void readParameters(request).then(
      (parameters) => {
        const action = parameters.get('Action') ?? '';
        onRequest?.(action, parameters);
        const requestId = randomUUID();
        const { status, body } = answer(
          present(),
          action,
          parameters,
          request.headers.authorization,
          requestId,
        );
        response.writeHead(status, {
          'content-type': 'text/xml',
          'content-length': Buffer.byteLength(body),
          'x-amzn-requestid': requestId,
        });
        response.end(body);
      },
      () => request.destroy(),
    );
  });

async function readParameters(request: IncomingMessage): Promise<RdsParameters> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    body += chunk;
    if (body.length > longestBody) throw new Error('The request is too long.');
  }
  return new Map([...new URL(request.url ?? '/', 'http://rds').searchParams, ...new URLSearchParams(body)]);
}

function answer(
  databases: Databases,
  action: string,
  parameters: RdsParameters,
  authorization: string | undefined,
  requestId: string,
): { readonly status: number; readonly body: string } {
  try {
    const signed = /Credential=[^/,]+\/\d{8}\/([^/]+)\/rds\/aws4_request/.exec(authorization ?? '');
    if (signed === null)
      throw new RdsRefusal('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    refuseByFault(databases, action);
    const run = Object.hasOwn(rdsActions, action) ? rdsActions[action] : undefined;
    if (run === undefined)
      throw new RdsRefusal('InvalidAction', `Could not find operation ${action} for version 2014-10-31`);
    const here = signed[1] === databases.region ? databases : elsewhere(databases);
    const result = run(here, parameters);
    const inner =
      renderXml(`${action}Result`, result) + renderXml('ResponseMetadata', { RequestId: requestId });
    return { status: 200, body: `<${action}Response xmlns="${namespace}">${inner}</${action}Response>` };
  } catch (thrown) {
    if (!(thrown instanceof RdsRefusal)) throw thrown;
    const error = {
      Type: thrown.status < 500 ? 'Sender' : 'Receiver',
      Code: thrown.code,
      Message: thrown.message,
    };
    const inner = renderXml('Error', error) + renderXml('RequestId', requestId);
    return { status: thrown.status, body: `<ErrorResponse xmlns="${namespace}">${inner}</ErrorResponse>` };
  }
}

const elsewhere = (databases: Databases): Databases => ({
  ...databases,
  clusters: new Map(),
  instances: new Map(),
  events: [],
});

function refuseByFault({ faults }: Databases, action: string): void {
  const fault = faults.find((each) => each.action === undefined || each.action === action);
  if (fault === undefined) return;
  if (fault.times !== undefined) {
    fault.times -= 1;
    if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
  }
  throw new RdsRefusal(fault.code, fault.message, fault.status);
}
