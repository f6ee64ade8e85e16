/** What the form for `kubectl patch ingress … --patch '...'` shows: the routes as they are, and where they could go. */
export interface IngressForm {
  readonly name: string;
  readonly namespace: string;
  readonly routes: readonly IngressRoute[];
  /** The namespace's services, by name. */
  readonly services: readonly IngressService[];
}

export interface IngressRoute {
  /** JSON pointer (RFC 6901) of the path this is: `/spec/rules/0/http/paths/2`. */
  readonly pointer: string;
  /** Empty: every host. */
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  /** Empty where the backend is no service: such a route is not offered for a change. */
  readonly service: string;
  /** A number, or a port's name. */
  readonly port: number | string | undefined;
}

export interface IngressService {
  readonly name: string;
  readonly ports: readonly { readonly number: number; readonly name: string | undefined }[];
}

/** One answer: the route (by its pointer) and where it is to go. */
export interface BackendChoice {
  readonly pointer: string;
  readonly service: string;
  readonly port: number | string;
}

/**
 * The JSON patch (RFC 6902, for `kubectl patch --type=json`) that changes only the chosen backends and leaves every other
 * rule alone. It tests host, path and backend first, so that it is refused whole when somebody has changed the ingress
 * since the form was read. Choices that change nothing are left out; `[]` when none is left.
 */
export function ingressPatch(form: IngressForm, choices: readonly BackendChoice[]): string {
  const operations = choices.flatMap(({ pointer, service, port }) => {
    const route = form.routes.find((each) => each.pointer === pointer);
    if (route === undefined || (route.service === service && route.port === port)) return [];
    const rule = pointer.replace(/\/http\/paths\/\d+$/, '');
    const backend = `${pointer}/backend`;
    const test = (path: string, value: unknown): object => ({ op: 'test', path, value });
    return [
      ...(route.host === '' ? [] : [test(`${rule}/host`, route.host)]),
      ...(route.path === '' ? [] : [test(`${pointer}/path`, route.path)]),
      ...(route.service === '' ? [] : [test(`${backend}/service/name`, route.service)]),
      {
        op: 'replace',
        path: backend,
        value: {
          service: { name: service, port: typeof port === 'number' ? { number: port } : { name: port } },
        },
      },
    ];
  });
  return JSON.stringify(operations);
}

/**
 * The command for a step whose patch the guide left out (`...`), with the form's patch in its place; undefined when the
 * text holds no such argument. The patch type becomes `json` whatever was written.
 */
export function withIngressPatch(command: string, patch: string): string | undefined {
  const elided = /(--patch(?:=|\s+)|-p(?:=|\s+|))(['"]?)(?:\.\.\.|…)\2(?=\s|$)/;
  if (!elided.test(command)) return undefined;
  const quoted = `'${patch.replaceAll("'", "'\\''")}'`;
  return command.replace(/\s--type(?:=|\s+)\S+/, '').replace(elided, () => `--type=json --patch ${quoted}`);
}
