import type { FenceUse } from './blocks.ts';

const shells = new Set(
  (
    'sh bash shell zsh console ksh dash fish shellsession shell-session sh-session shellscript terminal ' +
    'pwsh powershell ps1'
  ).split(' '),
);
const consoles = new Set(['console', 'shellsession', 'shell-session', 'sh-session', 'terminal']);
const texts = new Set(['', 'text', 'txt', 'plain', 'plaintext', 'markdown', 'md']);

/** First words that make an unlabelled fence commands. */
const commands = new Set(
  (
    'kubectl oc helm k9s stern kustomize argocd flux istioctl linkerd aws gcloud gsutil az doctl terraform tofu ' +
    'terragrunt ansible ansible-playbook vault consul nomad docker docker-compose podman crictl nerdctl ctr curl wget ' +
    'http https grpcurl psql pg_ctl pg_dump mysql mysqladmin mongosh mongo redis-cli etcdctl kafka-topics.sh ' +
    'kafka-consumer-groups.sh rabbitmqctl nodetool cqlsh ssh scp rsync git gh glab jq yq grep awk sed cat tail head ls ' +
    'cd find ps top kill pkill df du free uptime dmesg systemctl journalctl service supervisorctl nginx openssl dig ' +
    'nslookup host ping traceroute mtr netstat ss lsof tcpdump iptables ip nc telnet sudo export source echo watch ' +
    'npm npx node yarn pnpm python python3 pip make bash sh promtool amtool logcli velero etcdutl kubectx kubens'
  ).split(' '),
);

export const prompt = /^\s{0,3}(?:[\w.-]{1,64}@[\w.-]{1,64}[^$#\s]{0,64})?(?:\$|%|❯|PS[^>]{0,80}>)\s+(?=\S)/;

export const isConsole = (language: string): boolean => consoles.has(language);

const slashLine = /^\/[a-z][a-z\d_-]{0,30}(?:\s|$)/i;
export const isSlashLine = (line: string): boolean => slashLine.test(line.trim());

/** What a fence is there for, decided by its language and then by its lines. */
export function useOfFence(language: string, lines: readonly string[]): FenceUse {
  if (shells.has(language)) return 'steps';
  if (!texts.has(language)) return 'other';
  const filled = lines.filter((line) => line.trim() !== '');
  if (filled.length === 0) return 'other';
  if (filled.every(isSlashLine)) return 'acts';
  if (language === '' && beginsWithCommand(filled)) return 'steps';
  return looksLikeTemplate(language, filled) ? 'template' : 'other';
}

function beginsWithCommand(filled: readonly string[]): boolean {
  const line = filled.find((candidate) => !candidate.trim().startsWith('#'));
  if (line === undefined) return false;
  const shown = prompt.exec(line);
  if (shown?.[0].includes('$')) return true;
  const assigned = /^(?:[A-Za-z_]\w{0,60}=\S{0,200}\s+){0,8}(?:sudo\s+)?/.exec(line.trim())?.[0] ?? '';
  const word = /^[\w.+/-]{1,60}(?=\s|$)/.exec(line.trim().slice(assigned.length))?.[0] ?? '';
  return commands.has(word.slice(word.lastIndexOf('/') + 1));
}

/** A Markdown fence, or text with gaps to fill in or at least two `Key: value` lines. */
function looksLikeTemplate(language: string, filled: readonly string[]): boolean {
  if (language === 'markdown' || language === 'md') return true;
  const gaps = filled.some((line) => /\[[^\]]{1,80}\]|<[^>]{1,80}>|\{\{[^}]{1,80}\}\}|_{3,}/.test(line));
  const keys = filled.filter((line) => /^\s*(?:[-*•]\s+)?[*_]{0,2}\p{L}[^:：]{0,40}[:：]/u.test(line)).length;
  return gaps || keys >= 2;
}
