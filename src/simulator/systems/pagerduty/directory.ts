/** Gives an id that nothing has yet, in PagerDuty's manner. */
export type NextId = (of: string, first: 'P' | 'Q', length: number) => string;

export interface PagerDutyUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'admin' | 'user' | 'limited_user' | 'read_only_user';
  readonly jobTitle: string;
}

export interface PagerDutyService {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly escalationPolicy: string;
  readonly integration: string;
  /** The integration key of the Events API: 32 letters, plainly no real one. */
  readonly routingKey: string;
}

export interface PagerDutyPriority {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

export interface PagerDutySchedule {
  readonly id: string;
  readonly name: string;
}

/** Each level names the schedules (or users) it pages. */
export interface PagerDutyEscalationPolicy {
  readonly id: string;
  readonly name: string;
  readonly levels: readonly (readonly { readonly type: 'schedule' | 'user'; readonly id: string }[])[];
}

/** Who is on call for a level of a policy; times are ms since 1970, undefined start and end: always. */
export interface PagerDutyOnCall {
  readonly user: string;
  readonly escalationPolicy: string;
  readonly level: number;
  readonly schedule: string | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** The parts of an account that incidents refer to. */
export interface Directory {
  readonly users: PagerDutyUser[];
  readonly services: PagerDutyService[];
  /** Most severe first. */
  readonly priorities: PagerDutyPriority[];
  readonly schedules: PagerDutySchedule[];
  readonly escalationPolicies: PagerDutyEscalationPolicy[];
  readonly onCalls: PagerDutyOnCall[];
}

/** Three people, two services of one policy with two levels, five priorities. */
export function seedDirectory(nextId: NextId): Directory {
  const person = (name: string, role: PagerDutyUser['role'], jobTitle: string): PagerDutyUser => {
    const email = `${name.split(' ')[0]?.toLowerCase() ?? ''}@example.com`;
    return { id: nextId('user', 'P', 7), name, email, role, jobTitle };
  };
  const [ana, ben, chloe] = [
    person('Ana Lima', 'user', 'Engineer'),
    person('Ben Okafor', 'user', 'Tech Lead'),
    person('Chloe Martin', 'admin', 'Engineering Manager'),
  ] as const;
  const schedules = ['Payments primary', 'Payments secondary'].map((name) => ({
    id: nextId('schedule', 'P', 7),
    name,
  }));
  const [primary, secondary] = schedules.map(({ id }) => id);
  const policy = nextId('policy', 'P', 7);
  const onCall = (user: string, level: number, schedule: string | undefined): PagerDutyOnCall => ({
    user,
    level,
    schedule,
    escalationPolicy: policy,
    start: undefined,
    end: undefined,
  });
  const service = (name: string, description: string, routingKey: string): PagerDutyService => ({
    id: nextId('service', 'P', 7),
    name,
    description,
    escalationPolicy: policy,
    integration: nextId('integration', 'P', 7),
    routingKey,
  });
  return {
    users: [ana, ben, chloe],
    services: [
      service('payment-service', 'Takes card and wallet payments', 'simulatedroutingkeywordofpayment'),
      service('checkout', 'Cart and order confirmation', 'simulatedroutingkeywordofcheckou'),
    ],
    priorities: (
      [
        ['P1', 'Customers cannot pay'],
        ['P2', 'Many customers are affected'],
        ['P3', 'Some customers are affected'],
        ['P4', 'No customer is affected yet'],
        ['P5', 'Cosmetic'],
      ] as const
    ).map(([name, description]) => ({ id: nextId('priority', 'P', 7), name, description })),
    schedules,
    escalationPolicies: [
      {
        id: policy,
        name: 'Payments',
        levels: [
          [{ type: 'schedule', id: primary ?? '' }],
          [
            { type: 'schedule', id: secondary ?? '' },
            { type: 'user', id: chloe.id },
          ],
        ],
      },
    ],
    onCalls: [onCall(ana.id, 1, primary), onCall(ben.id, 2, secondary), onCall(chloe.id, 2, undefined)],
  };
}
