import tap from 'tap';
import { parse } from 'yaml';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import { toPlain } from '../config/tree.ts';
import { diagnosisOf } from './diagnosis.ts';
import { maskTree } from './mask-tree.ts';
import { treeYaml } from './tree-yaml.ts';

const KITCHEN = `
driver: {name: dokken, image: "debian:12"}
provisioner:
  name: chef_infra
  log_level: :debug
  attributes:
    version: 15.0
    answer: "yes"
    empty: {}
    db: {password: pl4nted-one, port: 5432, url: "postgres://app:pl4nted-two@db/x"}
    api_keys: [pl4nted-three]
    token: 4711
verifier: {checks: [{env: {process: web}, key: DB_PASSWORD, value: x}]}
platforms: [{name: debian-12}]
suites: [{name: web, run_list: ["recipe[web]"]}]
lifecycle: {pre_create: "echo hello"}
`;

await tap.test(
  'an instance has the sections of the peer in its order, keys in alphabetical order',
  async (t) => {
    const { instances } = await loadFrom(t, KITCHEN);
    const plain = instances.map((config) => toPlain(diagnosisOf(config, undefined)))[0] as Record<
      string,
      object
    >;
    t.same(Object.keys(plain), [
      'platform',
      'state_file',
      'driver',
      'provisioner',
      'transport',
      'verifier',
      'lifecycle_hooks',
    ]);
    t.same(Object.keys(plain['driver'] ?? {}), ['image', 'name']);
    t.match(plain['provisioner'], { name: 'chef_infra', run_list: ['recipe[web]'] });
    t.same(plain['platform'], { os_type: 'unix', shell_type: 'bourne' });
  },
);

await tap.test('the YAML reads back as it was written, with symbols and floats', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const yaml = instances.map((config) => treeYaml(diagnosisOf(config, undefined))).join('');
  t.match(yaml, /^ {2}log_level: :debug$/m);
  t.match(yaml, /^ {4}version: 15\.0$/m);
  t.match(yaml, /^ {4}answer: "yes"$/m, 'would be true for the peer without quotes');
  t.match(yaml, /^ {4}empty: \{\}$/m);
  const read = parse(yaml, { version: '1.1' }) as { provisioner: { attributes: unknown } };
  t.match(read.provisioner.attributes, { version: 15, answer: 'yes', db: { port: 5432 } });
});

await tap.test('names, paths and fingerprints of keys are no secrets; a key itself is', async (t) => {
  const kitchen = (key: string) => `
driver: {name: ec2, aws_ssh_key_id: my-team, shared_credentials_profile: dev}
transport: {ssh_key: ${key}, host_key: "SHA256:abc"}
provisioner: {attributes: {ssh_key: pl4nted}}
platforms: [{name: debian-12}]
suites: [{name: web}]
`;
  const shown = async (key: string) => {
    const { instances } = await loadFrom(t, kitchen(key));
    return instances.map((config) => treeYaml(maskTree(diagnosisOf(config, undefined)))).join('');
  };
  const yaml = await shown('~/.ssh/id_rsa');
  for (const text of [
    'aws_ssh_key_id: my-team',
    'profile: dev',
    'ssh_key: ~/.ssh/id_rsa',
    'host_key: SHA256:abc',
  ])
    t.match(yaml, text);
  t.notMatch(yaml, /pl4nted/);
  t.match(await shown(JSON.stringify('-----BEGIN KEY-----\npl4nted\n')), /ssh_key: ‹\d+ chars›/);
});

await tap.test('the peer shows secrets in clear; here they are masked wherever they stand', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  const yaml = instances.map((config) => treeYaml(maskTree(diagnosisOf(config, undefined)))).join('');
  t.notMatch(yaml, /pl4nted|4711/);
  t.match(yaml, /password: ‹11 chars›/);
  t.match(yaml, /url: postgres:\/\/app:‹11 chars›@db\/x/);
  t.match(yaml, /key: DB_PASSWORD/, 'the name of a variable is no secret');
  t.match(yaml, /port: 5432/);
});
