/** A program's words that make it destructive; `rest` are the words behind the program. */
interface Rule {
  readonly program: RegExp;
  readonly destroys: (rest: readonly string[]) => boolean;
}

const any =
  (...words: readonly string[]) =>
  (rest: readonly string[]): boolean =>
    rest.some((word) => words.includes(word));
const matching =
  (pattern: RegExp) =>
  (rest: readonly string[]): boolean =>
    rest.some((word) => pattern.test(word));
const always = (): boolean => true;

/** Commands that take away data or a running service. Erring here costs one more confirmation, nothing else. */
const RULES: readonly Rule[] = [
  {
    program: /^(?:kubectl|oc|k)$/,
    destroys: (rest) => {
      const verbs = rest.filter((word) => !word.startsWith('-')).slice(0, 4);
      return (
        verbs.some((word) => word === 'delete' || word === 'drain') ||
        (verbs.includes('scale') &&
          rest.some(
            (word, i) =>
              /^(?:--replicas=)?0$/.test(word) && (word.startsWith('--') || rest[i - 1] === '--replicas'),
          )) ||
        (verbs.includes('replace') && rest.includes('--force')) ||
        (verbs.includes('apply') && rest.includes('--prune'))
      );
    },
  },
  { program: /^helm$/, destroys: any('uninstall', 'delete', 'del', 'un') },
  { program: /^(?:terraform|tofu|terragrunt)$/, destroys: any('destroy', '-destroy') },
  { program: /^pulumi$/, destroys: any('destroy') },
  {
    program: /^(?:rm|unlink|shred|wipefs|truncate|dd|mkfs(?:\..+)?|dropdb|dropuser|rmdir)$/,
    destroys: always,
  },
  { program: /^(?:Remove-\w+|Clear-\w+|Stop-\w+|del|erase)$/i, destroys: always },
  {
    program: /^aws$/,
    destroys: matching(
      /^(?:(?:delete|terminate|failover|reboot|stop|deregister|purge|reset|remove|revoke|disable)-[\w-]+|rm|rb)$/,
    ),
  },
  {
    program: /^argocd$/,
    destroys: (rest) => any('delete', 'rm', 'delete-resource')(rest) || rest.includes('--prune'),
  },
  {
    program: /^(?:gcloud|az|eksctl|doctl|flyctl|heroku|vault|consul|nomad)$/,
    destroys: matching(/^(?:delete|destroy|purge|failover|restart|stop|remove)$|:destroy$/),
  },
  {
    program: /^(?:docker|podman|nerdctl|crictl)(?:-compose)?$/,
    destroys: any('rm', 'rmi', 'kill', 'stop', 'prune', 'down', 'rmp', 'stopp'),
  },
  { program: /^systemctl$/, destroys: any('stop', 'disable', 'mask', 'kill', 'poweroff', 'reboot', 'halt') },
  { program: /^service$/, destroys: any('stop') },
  { program: /^(?:reboot|shutdown|halt|poweroff|kill|pkill|killall)$/, destroys: always },
  { program: /^redis-cli$/, destroys: matching(/^(?:flushall|flushdb|shutdown|del|unlink)$/i) },
  { program: /^etcdctl$/, destroys: any('del', 'rm', 'remove') },
  { program: /^rabbitmqctl$/, destroys: matching(/^(?:delete_|purge_|reset|force_reset|stop)/) },
  { program: /^kafka-[\w-]+(?:\.sh)?$/, destroys: any('--delete') },
  { program: /^pg_ctl$/, destroys: any('stop', 'restart') },
  {
    program: /^git$/,
    destroys: (rest) =>
      (rest.includes('push') && matching(/^(?:-f|--force.*|--delete|-d)$/)(rest)) ||
      (rest.includes('reset') && rest.includes('--hard')) ||
      rest.includes('clean'),
  },
  { program: /^find$/, destroys: any('-delete') },
  {
    program: /^curl$/,
    destroys: (rest) =>
      rest.some(
        (word, i) =>
          /^(?:-\w*X)?DELETE$/i.test(word) &&
          (/^-/.test(word) || /^(?:-\w*X|--request)$/.test(rest[i - 1] ?? '')),
      ),
  },
];

/** One look for all rules: most words of a command are the program of none. */
const ANY_PROGRAM = new RegExp(RULES.map(({ program }) => `(?:${program.source})`).join('|'), 'i');

const SQL =
  /\b(?:drop\s+(?:table|database|schema|index|view|user|role|owned)|truncate\s+(?:table\s+)?\w|delete\s+from)\b/i;

/** Words behind a program that are looked at: its verb and flags, not the thousandth file name. */
const WORDS_READ = 60;

/**
 * True when a command's text holds something known to be destructive, anywhere: behind `sudo`, in quotes handed to
 * `ssh` or `bash -c`, in a substitution. The text is split roughly on purpose, so that nothing hides behind quoting.
 */
export function isDestructiveShell(script: string): boolean {
  if (SQL.test(script) || /\.dropDatabase\(/.test(script)) return true;
  return script
    .replace(/\\\n/g, ' ')
    .split(/[\n;|&()`{}]+/)
    .some((command) => {
      const words = command
        .replace(/['"\\]/g, ' ')
        .split(/\s+/)
        .filter(Boolean);
      return words.some((word, index) => {
        const program = word.slice(word.lastIndexOf('/') + 1);
        if (!ANY_PROGRAM.test(program)) return false;
        const rest = words.slice(index + 1, index + 1 + WORDS_READ);
        return RULES.some((rule) => rule.program.test(program) && rule.destroys(rest));
      });
    });
}
