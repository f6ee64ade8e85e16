import * as v from 'valibot';

/** An Ingress as far as its routes go. https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/ */
const ingressSchema = v.object({
  metadata: v.nullish(v.object({ name: v.nullish(v.string()) })),
  spec: v.nullish(
    v.object({
      rules: v.nullish(
        v.array(
          v.object({
            host: v.nullish(v.string()),
            http: v.nullish(
              v.object({
                paths: v.nullish(
                  v.array(
                    v.object({
                      path: v.nullish(v.string()),
                      pathType: v.nullish(v.string()),
                      backend: v.nullish(
                        v.object({
                          service: v.nullish(
                            v.object({
                              name: v.nullish(v.string()),
                              port: v.nullish(
                                v.object({ name: v.nullish(v.string()), number: v.nullish(v.number()) }),
                              ),
                            }),
                          ),
                        }),
                      ),
                    }),
                  ),
                ),
              }),
            ),
          }),
        ),
      ),
    }),
  ),
});

/** One path of one rule, with where it stands. */
export interface Route {
  /** Empty for every host. */
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly service: string;
  /** A number or a name; undefined where the backend is no service. */
  readonly port: number | string | undefined;
  readonly ruleIndex: number;
  readonly pathIndex: number;
}

/** The routes of an Ingress in their order; undefined for what is none. */
export function routesOf(ingress: unknown): readonly Route[] | undefined {
  const parsed = v.safeParse(ingressSchema, ingress);
  if (!parsed.success) return undefined;
  return (parsed.output.spec?.rules ?? []).flatMap((rule, ruleIndex) =>
    (rule.http?.paths ?? []).map((path, pathIndex) => ({
      host: rule.host ?? '',
      path: path.path ?? '',
      pathType: path.pathType ?? '',
      service: path.backend?.service?.name ?? '',
      port: path.backend?.service?.port?.number ?? path.backend?.service?.port?.name ?? undefined,
      ruleIndex,
      pathIndex,
    })),
  );
}

const nameOf = ({ host, path }: Route): string => `${host === '' ? '*' : host}${path || '/'}`;

/** Hosts and paths that were routed before and no longer are: `shop.example.com/pay`. */
export function lostRules(before: unknown, after: unknown): readonly string[] {
  const kept = new Set((routesOf(after) ?? []).map(nameOf));
  return (routesOf(before) ?? []).map(nameOf).filter((name) => !kept.has(name));
}
