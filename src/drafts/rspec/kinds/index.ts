import type { Kind } from '../kind.ts';
import { certificate, directory, file, mount, structured } from './files.ts';
import { bash, command, cron, port, processes, service } from './processes.ts';
import {
  group,
  host,
  http,
  kernelParameter,
  networkInterface,
  providedPackage,
  systemPackage,
  user,
} from './system.ts';

/** By the name of the resource in InSpec and serverspec. */
export const KINDS: Readonly<Record<string, Kind>> = {
  bash,
  command,
  cron,
  crontab: cron,
  directory,
  file,
  gem: providedPackage('gem'),
  group,
  host,
  http,
  ini: structured('ini'),
  interface: networkInterface,
  json: structured('json'),
  kernel_parameter: kernelParameter,
  linux_kernel_parameter: kernelParameter,
  mount,
  npm: providedPackage('npm'),
  package: systemPackage,
  pip: providedPackage('pip'),
  port,
  process: processes,
  processes,
  runit_service: service,
  service,
  systemd_service: service,
  sysv_service: service,
  toml: structured('toml'),
  user,
  x509_certificate: certificate,
  yaml: structured('yaml'),
};

/** What there is in place of resources without an equal. */
export const INSTEAD: Readonly<Record<string, string>> = {
  os_env: 'it shows the environment of InSpec itself: `env` looks at that of running processes',
  etc_hosts: '`dns` resolves a name as programs do; `file: lines` has the lines of /etc/hosts',
  sshd_config: 'ask the daemon, `command: sshd -T`, or look at the file',
  ssh_config: 'look at the file with `file: lines`',
  nginx_conf: 'look at `http`, at `command: nginx -T`, or at the file',
  apache_conf: 'look at `http`, or at the file',
  postgres_session: '`sql` asks the database',
  mysql_session: '`sql` asks the database',
  sql: '`sql` asks the database',
  os: '`only: {platform: …}` chooses where a check is meant',
  inspec: 'it is about InSpec itself',
  powershell: 'Windows is not known here',
  registry_key: 'Windows is not known here',
  windows_feature: 'Windows is not known here',
  docker_container: '`image` looks at the images that an instance and its companions were made from',
};
