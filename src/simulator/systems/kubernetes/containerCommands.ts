import type { Pod } from '../../state/objects.ts';
import type { CommandResult, World } from '../../state/world.ts';

const said = (stdout: string): CommandResult => ({ stdout, stderr: '', exitCode: 0 });
const failedWith = (exitCode: number, stderr = ''): CommandResult => ({ stdout: '', stderr, exitCode });

const files: Readonly<Record<string, (pod: Pod) => string>> = {
  '/etc/hostname': ({ metadata }) => `${metadata.name}\n`,
  '/etc/os-release': () => 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
};

function environment(pod: Pod, container: string): string {
  const own = pod.spec.containers.find(({ name }) => name === container)?.env ?? [];
  return [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `HOSTNAME=${pod.metadata.name}`,
    ...own.map(({ name, value }) => `${name}=${value ?? ''}`),
    'KUBERNETES_SERVICE_HOST=10.96.0.1',
    'KUBERNETES_SERVICE_PORT=443',
    'HOME=/root',
    '',
  ].join('\n');
}

function shell(world: World, pod: Pod, container: string, script: string): CommandResult {
  const [, code] = /^\s*exit\s+(\d+)\s*$/.exec(script) ?? [];
  if (code !== undefined) return failedWith(Number(code) % 256);
  const words = [...script.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  return words.length === 0 ? said('') : runContainerCommand(world, pod, container, words);
}

/** The few commands every container knows; the scenario may know more. Unknown ones end with 127, as a shell's do. */
export function runContainerCommand(
  world: World,
  pod: Pod,
  container: string,
  argv: readonly string[],
): CommandResult {
  const [command = '', ...args] = argv;
  const special = world.behaviour.command(world, pod, argv);
  if (special !== undefined) return special;
  switch (command.replace(/^\/(?:usr\/)?bin\//, '')) {
    case 'ls':
      return said('app\nbin\netc\nhome\nlib\nproc\ntmp\nusr\nvar\n');
    case 'env':
      return said(environment(pod, container));
    case 'hostname':
      return said(`${pod.metadata.name}\n`);
    case 'echo':
      return said(`${args.join(' ')}\n`);
    case 'true':
      return said('');
    case 'false':
      return failedWith(1);
    case 'date':
      return said(
        `${new Date(world.now).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 UTC $4')}\n`,
      );
    case 'cat': {
      const missing = args.filter((path) => files[path] === undefined);
      const stdout = args.map((path) => files[path]?.(pod) ?? '').join('');
      const stderr = missing.map((path) => `cat: ${path}: No such file or directory\n`).join('');
      return { stdout, stderr, exitCode: missing.length > 0 ? 1 : 0 };
    }
    case 'sh':
    case 'bash':
      return args[0] === '-c' ? shell(world, pod, container, args[1] ?? '') : said('');
    default:
      return failedWith(127, `sh: ${command}: not found\n`);
  }
}
