import tap from 'tap';
import { kitchenFolder } from '../../test/corpus/kitchen-folder.ts';
import { loadKitchen } from '../config/load.ts';
import { GalleyError, GalleyErrors } from '../core/errors.ts';
import { createPlugins } from '../plugins.ts';
import { resolveInstances } from './resolve.ts';

// Kitchens like those of kitchen-ec2's README, docs/ssm-session-manager.md and integration/kitchen.yml (3.23.1), told anew:
// each combination of options that they show.
const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });

/** Name and words of the image of each instance, or the errors. */
async function explained(t: Parameters<typeof kitchenFolder>[0], text: string): Promise<readonly string[]> {
  const cwd = await kitchenFolder(t, { 'kitchen.yml': text, 'boot.sh': '#!/bin/sh\n', 'check.sh': 'true\n' });
  try {
    const { instances } = await loadKitchen({ cwd, env: { HOME: cwd, AWS_REGION: 'us-west-2' } });
    const phases = new Set(['create', 'converge', 'verify', 'destroy'] as const);
    return resolveInstances(instances, plugins, phases).map(({ instance, driver, driverConfig }) =>
      [instance.name, driver.name, driver.image?.(instance, driverConfig)].join(': '),
    );
  } catch (error) {
    const all = error instanceof GalleyErrors ? error.errors : [error as GalleyError];
    return all.map((one) => `${one.code} ${one.location?.line}: ${one.message} ${one.hint ?? ''}`);
  }
}

const small = (driver: string, rest = 'platforms: [{name: ubuntu-22.04}]') => `
driver: {name: ec2, ${driver}}
provisioner: {name: chef_infra}
verifier: {name: inspec}
${rest}
suites: [{name: default, run_list: ["recipe[mine::default]"]}]
`;

const EXAMPLES: Readonly<Record<string, string>> = {
  'the least there is': small('', 'platforms: [{name: ubuntu-22.04}, {name: amazon-2023}]'),
  'image and type pinned': small(
    'region: us-west-2, image_id: ami-0abcdef1234567890, instance_type: m6i.large',
  ),
  'an image searched for': small(
    'region: us-west-2, image_search: {owner-id: "099720109477", name: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*"}',
  ),
  'a subnet of one’s own': small(
    'subnet_id: subnet-0abcdef1234567890, security_group_ids: [sg-0abcdef1234567890], associate_public_ip: true',
  ),
  'a subnet by its tag': small('region: us-west-2, subnet_filter: {tag: Environment, value: test}'),
  'a larger root volume': small(
    'block_device_mappings: [{device_name: /dev/sda1, ebs: {volume_type: gp3, volume_size: 50, delete_on_termination: true}}]',
  ),
  spot: small('instance_type: m6i.large, spot_price: on-demand, spot_wait: 120'),
  'sessions of SSM': small(
    'use_ssm_session_manager: true, iam_profile_name: kitchen-ssm, associate_public_ip: false',
  ),
  'sessions of SSM in a subnet': small(
    'use_ssm_session_manager: true, instance_type: t3.micro, subnet_id: subnet-12345678, iam_profile_name: p, security_group_ids: [sg-87654321]',
    'platforms: [{name: amazon2}, {name: ubuntu-20.04}]',
  ),
  'metadata of version 2': small(
    'metadata_options: {http_tokens: required, http_put_response_hop_limit: 1, instance_metadata_tags: enabled}',
  ),
  'tags for the bill': small('tags: {created-by: test-kitchen, owner: platform, cost-center: "1234"}'),
  'a login user': `${small('')}transport: {username: ec2-user}\n`,
};

await tap.test('kitchens as kitchen-ec2’s pages show them load, and say which image they take', async (t) => {
  for (const [name, text] of Object.entries(EXAMPLES)) {
    const lines = await explained(t, text);
    t.ok(
      lines.length > 0 && lines.every((line) => /^default-\S+: ec2: ./.test(line)),
      `${name}: ${lines.join(' | ')}`,
    );
  }
  t.same(await explained(t, EXAMPLES['the least there is'] ?? ''), [
    'default-ubuntu-2204: ec2: newest ubuntu/images/*/ubuntu-*-22.04* of 099720109477, x86_64',
    'default-amazon-2023: ec2: newest al2023-ami-2023.* of 137112412989, x86_64',
  ]);
  t.match(await explained(t, EXAMPLES['image and type pinned'] ?? ''), [/ami-0abcdef1234567890/]);
});

await tap.test('its integration kitchen: every suite that is not for Windows', async (t) => {
  const lines = await explained(
    t,
    `
driver:
  name: ec2
  region: <%= ENV.fetch("AWS_REGION", "us-east-1") %>
  skip_cost_warning: true
  tags: {created-by: test-kitchen, run-id: <%= ENV.fetch("RUN_ID", "local") %>}
provisioner: {name: shell, script: check.sh}
verifier: {name: dummy}
platforms: [{name: ubuntu-24.04}, {name: amazon-2023}, {name: rhel-9}, {name: debian-13}, {name: ubuntu-24.04-arm64}]
suites:
  - {name: default, includes: [ubuntu-24.04, amazon-2023, rhel-9, debian-13]}
  - {name: arm64, includes: [ubuntu-24.04-arm64]}
  - name: volumes
    driver:
      block_device_mappings:
        - {device_name: /dev/sda1, ebs: {volume_type: gp3, volume_size: 30}}
        - {device_name: /dev/sdf, ebs: {volume_type: gp3, volume_size: 20}}
    includes: [ubuntu-24.04]
  - {name: user-data, driver: {user_data: boot.sh}, includes: [ubuntu-24.04]}
  - {name: spot, driver: {spot_price: on-demand, spot_wait: 300}, includes: [ubuntu-24.04]}
`,
  );
  t.equal(lines.length, 8, lines.join('\n'));
  t.match(lines[0], /^default-ubuntu-2404: ec2: newest ubuntu/);
  t.match(lines[4], /^arm64-ubuntu-2404-arm64: ec2: .*arm64$/);
});

await tap.test('what is refused says what to do instead, where it stands', async (t) => {
  const windows = small(
    '',
    'platforms: [{name: windows-2022, driver: {instance_type: t3.medium}, transport: {name: winrm}}]',
  );
  t.match(await explained(t, windows), [/winrm/]);
  const mac = small(
    '',
    'platforms: [{name: macos, driver: {instance_type: mac2.metal, tenancy: host, allocate_dedicated_host: true}}]',
  );
  t.match(await explained(t, mac), [/allocate_dedicated_host.*needs availability_zone/]);
  t.match(await explained(t, small('aws_access_key_id: x')), [/shared_credentials_profile/]);
});
