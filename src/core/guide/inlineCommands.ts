import { readProgram } from './programs.ts';

/** Programs whose second word is a verb: without an object it is named, not run ("find it with `kubectl get`"). */
const verbPrograms = new Set(
  (
    'kubectl oc helm argocd flux istioctl linkerd aws gcloud gsutil az doctl terraform tofu docker podman git gh glab ' +
    'vault consul nomad etcdctl systemctl rabbitmqctl nodetool velero crictl nerdctl npm pip eksctl kops talosctl ' +
    'cilium hubble calicoctl cf bosh patronictl ceph supervisorctl gitlab-ctl chronyc amtool promtool apt apt-get yum ' +
    'dnf tsh'
  ).split(' '),
);
/** Verbs that are a whole command. */
const complete = new Set(
  (
    'version cluster-info whoami status api-resources projects list ls ps images info stats plan init apply validate ' +
    'check analyze proxy-status daemon-reload members ring tpstats netstats compactionstats repair cluster_status ' +
    'list_queues pull fetch pods apps tracking sources topology'
  ).split(' '),
);
/** Programs that take any word as their argument. */
const takesWord = new Set(
  'dig nslookup ping traceroute mtr curl wget ssh kubectx kubens kill pkill knife redis-cli sudo'.split(' '),
);
/** Programs that are ordinary words as well: "`service discovery`", "`make sure`". */
const ordinary = new Set(
  'service host source export watch top find http https make node free head tail ip nginx less screen influx om echo'.split(
    ' ',
  ),
);

/** Words that only an argument has: a flag, a path, an address, an assignment, a placeholder. */
const argument = /(?:^|\s)-{1,2}\w|[\\/@=$<{|]|\w\.\w|\.\.\./;

/**
 * The command that inline code holds, without a prompt in front; undefined where it only names a program or a verb.
 */
export function parseInlineCommand(code: string): string | undefined {
  const command = code.trim().replace(/^\$\s+/, '');
  if (command.length < 4 || command.length > 2_000 || !command.includes(' ')) return undefined;
  const read = readProgram(command);
  if (!read || read.rest === '' || /^[=:(]/.test(read.rest)) return undefined;
  const { program, rest } = read;
  const hasArgument = argument.test(rest);
  if (ordinary.has(program)) return hasArgument ? command : undefined;
  const words = rest.split(/\s+/);
  if (verbPrograms.has(program)) {
    const [verb = '', ...more] = words;
    if (verb.startsWith('-')) return more.length > 0 ? command : undefined;
    if (!/^[a-z][\w-]*$/.test(verb) && !verb.startsWith('<')) return undefined;
    return more.length > 0 || complete.has(verb) ? command : undefined;
  }
  return hasArgument || takesWord.has(program) || words.length > 2 ? command : undefined;
}

const negatedBefore =
  /(?:\b(?:do not|don[’']t|never|avoid|must not|mustn[’']t|should not|shouldn[’']t|not (?:to )?(?:run|use|execute|try)|refrain from|niemals|nie|kein\w*|vermeide\w*|nunca|jamais|ne pas|evit\w+|não)(?=\s)|никогда|не\s+(?:запуск|выполн|использ)\S*|不要|请勿|切勿|勿)[^,;:.!?]{0,60}$/iu;
const negatedAfter =
  /^[\s)]{0,3}(?:(?:nicht|niemals|never|is dangerous|is forbidden|is not allowed|must not|should not|must never|should never)(?=[\s.,]|$)|[はを]?(?:実行|使用)し(?:ない|ては)|しないで)/iu;
const namedBefore =
  /\b(?:(?:created|set|made|produced|printed|returned|reported|caused|issued|started|written|added|changed)\s+(?:by|with)|same as|instead of|rather than|equivalent (?:to|of)|(?:less|more|better|faster|slower) than|unlike)\s+(?:an?\s+|the\s+|running\s+|using\s+)?$/iu;
const namedAfter = /^[\s)]{0,3}(?:above|would|was|were|did|had)(?=[\s.,)]|$)/iu;

export type Mention = 'run' | 'named' | 'warned of';

/** What running text says of the command at `from`…`to` in it: run it, never run it, or nothing (it is only named). */
export function mentionOf(text: string, from: number, to: number): Mention {
  const before = text.slice(Math.max(0, from - 120), from);
  const after = text.slice(to, to + 40);
  if (negatedBefore.test(before) || negatedAfter.test(after)) return 'warned of';
  return namedBefore.test(before) || namedAfter.test(after) ? 'named' : 'run';
}

const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|resp|z\.B|bzw|u\.a|d\.h|p\.ej|т\.е|т\.д)\.$/iu;

/** The sentence around `from`…`to`, with the offset it begins at; full stops inside other commands end nothing. */
export function sentenceAround(
  text: string,
  from: number,
  to: number,
  commands: readonly { readonly from: number; readonly to: number }[],
): { sentence: string; start: number } {
  let start = 0;
  let end = text.length;
  const ends = /[.!?](?=\s)|[。！？]/gu;
  // No sentence is longer than this on either side; a wall of text is not searched for every command in it.
  ends.lastIndex = Math.max(0, from - 1_000);
  for (let found = ends.exec(text); found; found = ends.exec(text)) {
    const at = found.index;
    if (at > to + 1_000) break;
    if (commands.some((command) => at >= command.from && at < command.to)) continue;
    if (at >= from && at < to) continue;
    if (abbreviation.test(text.slice(Math.max(0, at - 8), at + 1))) continue;
    if (at < from) start = at + 1;
    else {
      end = at + 1;
      break;
    }
  }
  const sentence = text.slice(start, end);
  return { sentence: sentence.trim(), start: start + (sentence.length - sentence.trimStart().length) };
}
