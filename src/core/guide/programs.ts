/** Programs whose name at the start of an unlabelled fence, or of inline code, makes it a command. */
const known = new Set(
  (
    'kubectl oc helm k9s stern kustomize argocd flux istioctl linkerd aws gcloud gsutil az doctl terraform tofu ' +
    'terragrunt ansible ansible-playbook vault consul nomad docker docker-compose podman crictl nerdctl ctr curl wget ' +
    'http https grpcurl psql pg_ctl pg_dump mysql mysqladmin mongosh mongo redis-cli etcdctl kafka-topics.sh ' +
    'kafka-consumer-groups.sh rabbitmqctl nodetool cqlsh ssh scp rsync git gh glab jq yq grep awk sed cat tail head ls ' +
    'cd find ps top kill pkill df du free uptime dmesg systemctl journalctl service supervisorctl nginx openssl dig ' +
    'nslookup host ping traceroute mtr netstat ss lsof tcpdump iptables ip nc telnet sudo export source echo watch ' +
    'npm npx node yarn pnpm python python3 pip make bash sh promtool amtool logcli velero etcdutl kubectx kubens ' +
    'eksctl kops kubeadm talosctl rke2 k3s cilium hubble calicoctl kubeseal sops knife chef-client gitlab-ctl ' +
    'gitlab-rails gitlab-rake cf bosh credhub uaac om tsh gsctl opsctl mimirtool cortextool lokitool tempo-cli thanos ' +
    'less egrep zgrep zcat mkdir mv cp rm chmod chown tar mount umount lsblk blkid fsck iostat vmstat sar iotop htop ' +
    'strace chronyc timedatectl hostnamectl nmcli ethtool ifconfig ipvsadm nft sysctl modprobe lsmod crontab apt ' +
    'apt-get yum dnf rpm ceph rados rbd kcat kafkacat zkCli.sh patronictl repmgr mongodump influx varnishadm pm2 ' +
    'jcmd jstack jmap jstat ldapsearch snmpwalk screen tmux timeout nohup xargs'
  ).split(' '),
);

const assigned = /^(?:[A-Za-z_]\w{0,60}=\S{0,200}\s+){0,8}(?:sudo\s+(?:-\w{1,20}\s+){0,4})?/;

/** A command line taken apart as far as needed to know it: its program if it is a known one, and what follows it. */
export function readProgram(line: string): { program: string; rest: string } | undefined {
  const text = line.trim();
  const first = text.slice(0, text.search(/\s|$/));
  if (known.has(first)) return { program: first, rest: text.slice(first.length).trimStart() };
  const from = assigned.exec(text)?.[0].length ?? 0;
  const word = /^[\w.+/-]{1,60}(?=\s|$)/.exec(text.slice(from, from + 61))?.[0] ?? '';
  const program = word.slice(word.lastIndexOf('/') + 1);
  if (known.has(program)) return { program, rest: text.slice(from + word.length).trim() };
  // `sudo` in front of an unknown program still says that this is typed.
  const isRoot = /(?:^|\s)sudo\s+(?:-\w{1,20}\s+){0,4}$/.test(text.slice(0, from));
  return isRoot && word !== '' ? { program: 'sudo', rest: text } : undefined;
}

export const isKnownProgram = (line: string): boolean => readProgram(line) !== undefined;
