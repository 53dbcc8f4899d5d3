// What Galley asks RunInstances for beside what kitchen-ec2 asks for with the same settings, on the local endpoint.
// `npm run ec2:parameters`, with KITCHEN, GEM_HOME and GEM_PATH as for `npm run ec2:calls`. Ends with 1 when they differ
// otherwise than docs/ec2.md says, or when one of them asks for nothing.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { amiId } from '../../fixtures/ec2/catalogue/amis.ts';
import { controlOf } from '../../fixtures/ec2/control-client.ts';
import { startEndpoint } from '../../fixtures/ec2/endpoint.ts';

const GROUP = 'security_group_ids: [sg-0123456789abcdef0], aws_ssh_key_id: mine';
/** Settings of the driver, by what they are about. */
const CASES: Readonly<Record<string, string>> = {
  'nothing but group and key': GROUP,
  'type and image': `${GROUP}, instance_type: m5.large, image_id: ${amiId('debian-12-amd64-20240507-1740')}, ebs_optimized: true`,
  'subnet and address': `${GROUP}, subnet_id: subnet-0123456789abcdef0, private_ip_address: 172.31.0.9`,
  'a public address': `${GROUP}, subnet_id: subnet-0123456789abcdef0, associate_public_ip: true, associate_ipv6: true`,
  volumes: `${GROUP}, block_device_mappings: [{device_name: /dev/sdf, ebs: {volume_size: 20, volume_type: gp3, iops: 3000, throughput: 125, encrypted: true, delete_on_termination: false}}, {device_name: /dev/sdc, virtual_name: ephemeral0}]`,
  placement: `${GROUP}, availability_zone: b, tenancy: dedicated, placement: {group_name: g, partition_number: 2, affinity: default}`,
  'a host': `${GROUP}, placement: {host_id: h-0123456789abcdef0, tenancy: host}`,
  metadata: `${GROUP}, metadata_options: {http_tokens: optional, http_endpoint: enabled, http_put_response_hop_limit: 3, instance_metadata_tags: enabled}`,
  'profile, licence, shutdown': `${GROUP}, iam_profile_name: p, licenses: [{license_configuration_arn: "arn:aws:x"}], instance_initiated_shutdown_behavior: stop`,
};
/** What docs/ec2.md says of them; all else is to be the same. */
const MEANT: readonly (readonly [RegExp, string])[] = [
  [/^ClientToken$/, 'ClientToken'],
  [/^TagSpecification\./, 'tags'],
  [/^UserData$/, 'UserData'],
  [/^InstanceInitiatedShutdownBehavior$/, 'shutdown: terminate'],
  [/^MetadataOptions\.HttpTokens$/, 'HttpTokens: required'],
  [/^BlockDeviceMapping\.\d+\.Ebs\.DeleteOnTermination$/, 'volumes go, too'],
  [/^Placement\.Tenancy$/, 'Tenancy: default unsaid'],
  [/^EbsOptimized$/, 'EbsOptimized: false unsaid'],
];

const kitchen = process.env['KITCHEN'];
if (kitchen === undefined) throw new Error('KITCHEN names no `kitchen` of kitchen-ec2');
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const bin = join(import.meta.dirname, '../../dist/src/cli/bin.js');
const endpoint = await startEndpoint({
  env: process.env,
  cacheDir: process.env['GALLEY_CACHE'] ?? join(homedir(), '.cache', 'galley'),
  name: `galley-test-ec2-parameters-${process.pid}`,
  machines: 'none',
});
const control = controlOf(endpoint.url);

/** The parameters of the one RunInstances that a create sends; it is refused, which ends both tools at once. */
async function asked(words: readonly string[], driver: string): Promise<Readonly<Record<string, string>>> {
  const cwd = await mkdtemp(join(tmpdir(), 'galley-ec2-parameters-'));
  try {
    await writeFile(
      join(cwd, 'kitchen.yml'),
      `driver: {name: ec2, interface: public, ${driver}}
transport: {name: ssh}
provisioner: {name: dummy}
verifier: {name: dummy}
platforms: [{name: debian-12}]
suites: [{name: default}]
`,
    );
    await control.clearCalls();
    await control.setFaults({ kind: 'error', operation: 'RunInstances', code: 'InvalidParameterValue' });
    const [file = '', ...args] = words;
    await new Promise((resolve) => {
      spawn(file, [...args, 'create'], {
        cwd,
        env: { ...process.env, ...endpoint.env },
        stdio: 'ignore',
      }).once('close', resolve);
    });
    const call = (await control.calls()).find((one) => one.operation === 'RunInstances');
    return (call?.parameters ?? {}) as Record<string, string>;
  } finally {
    await rm(cwd, { recursive: true });
  }
}

print('| settings | the same | differ as they are meant to | differ otherwise |\n|---|---:|---|---:|');
let isOff = false;
try {
  for (const [name, driver] of Object.entries(CASES)) {
    const ours = await asked([process.execPath, bin], driver);
    const theirs = await asked(['ruby', kitchen], driver);
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].toSorted();
    const same = keys.filter((key) => ours[key] === theirs[key]);
    const other = keys.filter((key) => !same.includes(key));
    const off = other.filter((key) => !MEANT.some(([pattern]) => pattern.test(key)));
    const meant = MEANT.filter(([pattern]) => other.some((key) => pattern.test(key))).map(([, why]) => why);
    const isSilent = Object.keys(ours).length === 0 || Object.keys(theirs).length === 0;
    isOff ||= off.length > 0 || isSilent;
    print(`| ${name} | ${same.length} | ${meant.join(', ')} | ${isSilent ? 'not asked' : off.length} |`);
    for (const key of off) print(`  ${key}: ${ours[key] ?? '–'}, kitchen-ec2 ${theirs[key] ?? '–'}`);
  }
} finally {
  await endpoint.close();
}
process.exitCode = isOff ? 1 : 0;
