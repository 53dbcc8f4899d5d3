import tap from 'tap';
import { DockerConfig } from './config.ts';

const parse = (given: object) => DockerConfig.parse(given);

function issuesOf(given: object): string {
  const result = DockerConfig.safeParse(given);
  return result.success ? '' : JSON.stringify(result.error.issues);
}

await tap.test('no settings at all are settings', async (t) => {
  t.match(parse({}), { image: undefined, init: undefined, ports: [], privileged: false });
});

await tap.test('a dokken config is read unmodified', async (t) => {
  const config = parse({
    privileged: true,
    chef_version: 18,
    chef_image: 'cincproject/cinc',
    pid_one_command: '/bin/systemd --x "a b"',
    volumes: ['/sys/fs/cgroup:/sys/fs/cgroup:rw', '/data'],
    cap_add: 'SYS_ADMIN',
    env: ['A=1', 'B=x=y'],
    ports: ['8080:80', 443],
    memory_limit: 536_870_912,
    hostname_aliases: ['www'],
    tmpfs: { '/tmp': '' },
    api_retries: 5,
    data_image: 'x',
  });
  t.match(config, {
    client: { product: 'cinc', version: '18' },
    command: ['/bin/systemd', '--x', 'a b'],
    binds: ['/sys/fs/cgroup:/sys/fs/cgroup:rw'],
    volumes: ['/data'],
    capAdd: ['SYS_ADMIN'],
    env: { A: '1', B: 'x=y' },
    memoryBytes: 536_870_912,
  });
  t.match(config.ports, [
    { hostPort: 8080, containerPort: 80 },
    { hostPort: 0, containerPort: 443, hostIp: undefined },
  ]);
});

await tap.test('a kitchen-docker config is read unmodified', async (t) => {
  const config = parse({
    env_variables: { TZ: 'UTC', N: 1 },
    forward: '8443:443',
    add_host: ['db:10.0.0.1'],
    memory: '1g',
    platform: 'ubuntu',
    provision_command: 'apt-get update',
    run_command: '/usr/sbin/sshd -D -o UseDNS=no',
    use_sudo: false,
  });
  t.match(config, {
    env: { TZ: 'UTC', N: '1' },
    extraHosts: ['db:10.0.0.1'],
    memoryBytes: 1024 ** 3,
    platform: undefined,
    instructions: ['RUN apt-get update'],
    command: undefined,
  });
  t.same(parse({ run_command: '/sbin/init' }).command, ['/sbin/init']);
});

await tap.test('what is wrong is said in words', async (t) => {
  t.match(issuesOf({ imgae: 'x' }), /unrecognized_keys.*imgae/);
  t.match(issuesOf({ publish: ['http'] }), /write 80, 8080:80/);
  t.match(issuesOf({ memory: 'lots' }), /write bytes, 512m or 2g/);
  t.match(issuesOf({ pid_one_command: "sh -c 'x" }), /a quote is not closed/);
  t.match(issuesOf({ dockerfile: 'Dockerfile' }), /is not supported: build the image yourself/);
  t.match(issuesOf({ expires: 'soon' }), /write 90s, 30m, 24h or 7d/);
  t.match(issuesOf({ init: 'upstart' }), /init/);
});

await tap.test('a client image with a tag or a version', async (t) => {
  t.same(parse({ chef_image: 'me/chef:18' }).client, { image: 'me/chef:18' });
  t.same(parse({ chef_image: 'reg:5000/chef', chef_version: '18.1' }).client, {
    image: 'reg:5000/chef:18.1',
  });
  t.same(parse({ chef_version: 'stable' }).client, { version: 'latest' });
  t.same(parse({ client: { product: 'chef', version: 18 } }).client, { product: 'chef', version: '18' });
});

await tap.test(
  "kitchen-docker's run_options are read as far as an option of ours does the same",
  async (t) => {
    const wanted = { capAdd: ['A', 'B'], tmpfs: { '/tmp': '', '/run': 'size=1m' }, memoryBytes: 1024 ** 3 };
    t.match(
      parse({ cap_add: ['A'], run_options: '--cap-add=B --tmpfs /tmp --tmpfs "/run:size=1m" -m 1g -it' }),
      wanted,
    );
    t.match(
      parse({ run_options: { cap_add: ['A', 'B'], tmpfs: ['/tmp', '/run:size=1m'], memory: '1g' } }),
      wanted,
    );
    t.match(parse({ run_options: ['--privileged', '--cgroupns=host', '-v', '/a:/b', '-e', 'A=b=c'] }), {
      privileged: true,
      cgroupnsHost: true,
      binds: ['/a:/b'],
      env: { A: 'b=c' },
    });
    const refused = (run_options: unknown) =>
      DockerConfig.safeParse({ run_options }).error?.issues[0]?.message;
    t.match(refused('--ulimit nofile=9'), /has --ulimit, which is not supported; .*--cap-add/);
    t.match(refused('--tmpfs "/tmp'), /quote is not closed/);
    t.match(refused('-m much'), /is not a size/);
  },
);
