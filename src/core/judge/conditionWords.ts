import { partSeen, type Seen, type Told } from './evaluate.ts';
import { podsFound, stateName } from './podsFound.ts';
import type { PodsRead, Reading } from './reading.ts';
import { judgeSet } from '../metrics/exporterSets.ts';

/** What a phrase of a condition asks of a reading; undefined where the reading cannot tell. */
interface Phrase {
  readonly pattern: RegExp;
  /** Which readings can answer. */
  readonly needs: 'pods' | 'logs' | 'database' | 'services' | 'answers' | 'postgresql' | 'redis';
  readonly holds: (reading: Reading) => Told;
}

const inState =
  (...names: readonly string[]) =>
  ({ pods }: Reading): Told => {
    if (!pods) return { truth: undefined, because: 'no run has shown pods' };
    const wanted = new Set(names.map((name) => name.toLowerCase()));
    const of = Object.entries(pods.states).filter(([state]) => wanted.has(stateName(state)));
    const count = of.reduce((sum, [, number]) => sum + number, 0);
    const told = podsTold(pods, count, `in ${of.map(([state]) => state).join(' and ') || names[0]}`);
    return { ...told, pods: podsFound(pods, names) };
  };

const podsTold = (pods: PodsRead, count: number, what: string): Told => ({
  truth: count > 0,
  because:
    pods.total === 0
      ? 'no pods were found'
      : `${count === 0 ? 'none' : count} of ${pods.total} ${pods.total === 1 ? 'pod' : 'pods'} ${count === 1 || count === 0 ? 'is' : 'are'} ${what}`,
});

const podsThat =
  (
    number: (pods: PodsRead) => number,
    what: string,
    names: (pods: PodsRead) => readonly string[] = () => [],
  ) =>
  ({ pods }: Reading): Told =>
    pods
      ? { ...podsTold(pods, number(pods), what), pods: names(pods) }
      : { truth: undefined, because: 'no run has shown pods' };

const allHealthy = ({ pods }: Reading): Told => {
  if (!pods) return { truth: undefined, because: 'no run has shown pods' };
  if (pods.total === 0) return { truth: false, because: 'no pods were found' };
  const all = pods.healthy === pods.total;
  return {
    truth: all,
    // One in trouble is enough to know that not all are well.
    restsOnAll: all,
    because: all
      ? `all ${pods.total} pods are running and ready`
      : `${pods.total - pods.healthy} of ${pods.total} pods ${pods.total - pods.healthy === 1 ? 'is' : 'are'} not`,
  };
};

/** Whether a service that was shown has nothing ready behind it, and which. */
export const withoutEndpoints = ({ services }: Reading): Told => {
  if (!services) return { truth: undefined, because: 'no run has looked at endpoints' };
  if (services.length === 0)
    return { truth: undefined, because: 'no service that has endpoints of its own was shown' };
  const none = services.filter(({ endpoints }) => endpoints === 0).map(({ name }) => name);
  if (none.length > 0)
    return {
      truth: true,
      because: `${none.length === 1 ? `service ${none[0]} has` : `services ${listed(none)} have`} no ready endpoints`,
    };
  const unknown = services.find(({ endpoints }) => endpoints === undefined);
  return unknown
    ? {
        truth: undefined,
        because: `whether service ${unknown.name} has endpoints is not known: ${unknown.because ?? 'they could not be looked up'}`,
      }
    : { truth: false, because: 'every service shown has ready endpoints' };
};

/** Names that a card names before the rest are counted. */
const namesListed = 4;

const listed = (names: readonly string[]): string =>
  names.length > namesListed
    ? `${names.slice(0, namesListed - 1).join(', ')} and ${names.length - namesListed + 1} more`
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const errorsInLogs = ({ logs }: Reading): Told => {
  if (!logs) return { truth: undefined, because: 'no log was read' };
  const [most] = logs.byEndpoint;
  const at = most ? `, most of them at ${most.endpoint} (${most.errors})` : '';
  return {
    truth: logs.errors > 0,
    because: `${logs.errors} ${logs.errors === 1 ? 'line tells' : 'lines tell'} of errors${at}`,
  };
};

const atLimit = ({ database }: Reading): Told => {
  if (database?.refused !== undefined)
    return { truth: true, because: `the database takes no more connections: ${database.refused}` };
  const { connections, limit } = database ?? {};
  if (connections === undefined) return { truth: undefined, because: 'no number of connections was shown' };
  if (limit === undefined)
    return {
      truth: undefined,
      because: `${connections} connections, and how many are allowed was not shown`,
    };
  return { truth: connections >= limit, because: `${connections} of ${limit} connections` };
};

const phrases: readonly Phrase[] = [
  { pattern: /\bcrash\s?-?loop(?:ing|s|\s?-?back\s?-?off)?\b|\bcrashing\b/i, needs: 'pods', holds: inState('CrashLoopBackOff') },
  { pattern: /\b(?:image\s?pull\s?(?:back\s?off|errors?)?|ErrImagePull)\b/i, needs: 'pods', holds: inState('ImagePullBackOff', 'ErrImagePull') },
  { pattern: /\boom\s?-?killed\b/i, needs: 'pods', holds: inState('OOMKilled') },
  { pattern: /\bevicted\b/i, needs: 'pods', holds: inState('Evicted') },
  { pattern: /\bterminating\b/i, needs: 'pods', holds: inState('Terminating') },
  { pattern: /\bpending\b/i, needs: 'pods', holds: inState('Pending') },
  { pattern: /\brestart(?:s|ed|ing)\b/i, needs: 'pods', holds: podsThat(({ restarted }) => restarted, 'restarted before') },
  { pattern: /\b(?:not (?:ready|healthy|running)|unready|unhealthy|failing|down)\b/i, needs: 'pods', holds: podsThat(({ total, healthy }) => total - healthy, 'not running and ready', (pods) => podsFound(pods, 'unhealthy')) },
  { pattern: /\bno (?:ready )?(?:endpoints?|backends?)\b/i, needs: 'services', holds: withoutEndpoints },
  { pattern: /\b(?:healthy|ready|running|up)\b/i, needs: 'pods', holds: allHealthy },
  { pattern: /\berrors? (?:in|appear in|found in)? ?(?:the )?logs?\b|\blogs? (?:show|have|contain)s? (?:any )?errors?\b/i, needs: 'logs', holds: errorsInLogs },
  { pattern: /\bconnections? (?:(?:is|are) )?(?:at (?:the |their )?(?:limit|max(?:imum)?)|exhausted|full|saturated)\b|\btoo many (?:clients|connections)\b/i, needs: 'database', holds: atLimit },
  { pattern: /\b(?:database|db|postgres(?:ql)?) (?:is )?(?:slow|overloaded)\b|\bslow (?:database|db|postgres(?:ql)?)\b/i, needs: 'postgresql', holds: (reading) => judgeSet('postgresql', reading) },
  { pattern: /\b(?:cache|redis) (?:is )?(?:slow|overloaded)\b|\bslow (?:cache|redis)\b/i, needs: 'redis', holds: (reading) => judgeSet('redis', reading) },
]; // prettier-ignore

/** Words that change nothing of what is asked. */
const filler =
  /\b(?:if|when|whenever|in|case|the|a|an|any|some|one|or more|all|of|is|are|be|has|have|still|currently|with|there|its|their|pods?|containers?|state|status|but|and|then|service|app|application|backoff)\b|[^\p{L}\p{N}]+/giu;

/** What beside another phrase asks whether the service still cannot be reached. */
const status503 = /\b503s?\b/;

export interface Asked {
  /** Newest run whose reading has what a phrase needs. */
  readonly newest: (needs: Phrase['needs']) => Seen | undefined;
  /** What the step itself would do: `aws rds failover-db-cluster …`. */
  readonly command: string;
}

/**
 * Judges a condition in words. Only what the words are known to mean is judged: where any other word is left over, the
 * answer is that nobody can tell, with what is known beside it.
 */
export function judgeWords(words: string, asked: Asked): Told {
  if (words.length > 300) return { truth: undefined, because: 'the condition is long' };
  if (/\bif (?:necessary|needed|required)\b/i.test(words)) return judgeNeed(asked);
  const branches = words.split(/\bor\b/i).map((branch) => judgeBranch(branch, asked));
  const yes = branches.find(({ truth }) => truth === true);
  if (yes) return yes;
  return branches.find(({ truth }) => truth === undefined) ?? branches[0]!;
}

function judgeBranch(words: string, asked: Asked): Told {
  let rest = words;
  const told: Told[] = [];
  for (const phrase of phrases) {
    if (!phrase.pattern.test(rest)) continue;
    rest = rest.replace(phrase.pattern, ' ');
    told.push(answer(asked.newest(phrase.needs), phrase));
  }
  if (status503.test(rest) && told.length > 0) {
    rest = rest.replace(status503, ' ');
    told.push(judge503(asked));
  }
  const negated = /\b(?:no|not|unless|without|never)\b/i.test(rest);
  const left = rest.replace(filler, '');
  if (told.length === 0) return { truth: undefined, because: 'nothing here knows how to look at that' };
  if (left !== '' || negated) {
    const known = told.map(({ because }) => because).join(', ');
    return {
      truth: undefined,
      because: `${known}; the rest of it nobody here can look at`,
      ...runOf(told[0]),
    };
  }
  const no = told.find(({ truth }) => truth === false);
  const unknown = told.find(({ truth }) => truth === undefined);
  if (no ?? (unknown && told.every(({ truth }) => truth !== true))) return no ?? unknown!;
  // What is known stands beside what is not, each with the run that showed it.
  return {
    truth: unknown ? undefined : true,
    because: told.map(({ because }) => because).join(', '),
    parts: told,
    pods: [...new Set(told.flatMap(({ pods = [] }) => pods))],
    ...runOf([...told].reverse().find(({ run }) => run !== undefined)),
  };
}

/**
 * Whether a service still answers 503: by what a request was answered with, or by a service that has nothing behind it,
 * whichever was seen last. That every service has endpoints does not tell that the 503 is over.
 */
function judge503({ newest }: Asked): Told {
  const [http, services] = [newest('answers'), newest('services')];
  const answered = http && answeredWith(http);
  const behind = services && answer(services, { needs: 'services', holds: withoutEndpoints });
  const isOver = answered?.truth === false && (http?.age ?? 0) < (services?.age ?? 0);
  if (behind?.truth === true && !isOver) return behind;
  if (answered) return answered;
  if (!behind) return { truth: undefined, because: 'no run has looked at its services yet' };
  const told =
    services.unseen === undefined && services.reading ? withoutEndpoints(services.reading) : behind;
  return told.truth === false
    ? {
        ...behind,
        truth: undefined,
        because: `${told.because}, and no run has shown whether it still answers 503`,
      }
    : behind;
}

function answeredWith(seen: Seen): Told | undefined {
  const status = seen.reading?.httpStatus;
  if (status === undefined || (status >= 400 && status !== 503)) return undefined;
  return {
    truth: status === 503,
    because: `the last request was answered with ${status}`,
    ...runOf(seen),
  };
}

/** "Failover if necessary": judged by what makes it so, where that was seen; nothing seen never makes it unnecessary. */
function judgeNeed({ command, newest }: Asked): Told {
  if (!/\bfailover\b|reboot-db-instance/.test(command))
    return { truth: undefined, because: 'whether it is necessary is for you to decide' };
  const told = answer(newest('database'), { needs: 'database', holds: atLimit });
  return told.truth === false
    ? { ...told, truth: undefined, because: `${told.because}; whether it is necessary is for you to decide` }
    : told;
}

function answer(seen: Seen | undefined, { needs, holds }: Omit<Phrase, 'pattern'>): Told {
  if (!seen) return { truth: undefined, because: 'no run has looked yet' };
  if (seen.unseen !== undefined || !seen.reading)
    return {
      truth: undefined,
      because: seen.unseen ?? 'the run showed nothing that can be read',
      ...runOf(seen),
    };
  const told = holds(seen.reading);
  // Of a part nothing can be said of what is not in it.
  const part = (told.restsOnAll ?? told.truth === false) ? partSeen(seen.reading, needs) : undefined;
  const because = part === undefined ? told.because : `${told.because}, but ${part}`;
  return { ...told, truth: part === undefined ? told.truth : undefined, because, ...runOf(seen) };
}

const runOf = (from: { readonly run?: string } | undefined): { run?: string } =>
  from?.run === undefined ? {} : { run: from.run };
