import tap from 'tap';
import { loadFrom } from '../../test/corpus/kitchen-folder.ts';
import { createPlugins } from '../plugins.ts';
import { optionsOf, optionsReference } from './options-reference.ts';
import { findPlugin } from './plugins.ts';
import { resolveInstances } from './resolve.ts';
import { distinctNotes } from './setting-notes.ts';

const plugins = createPlugins({ env: {}, cacheDir: '/nowhere' });

/** What the peer's plugins declare, by their sources: Test Kitchen 4.1, kitchen-dokken, kitchen-docker, kitchen-omnibus-chef. */
const PEER = {
  'driver dokken': `api_retries binds cap_add cap_drop cgroupns_host chef_image chef_version creds_file data_image
    data_ssh_port dns dns_search docker_config_creds docker_host_url docker_info docker_registry entrypoint env hostname
    hostname_aliases image image_prefix intermediate_instructions ipv6 ipv6_subnet links memory_limit network_mode
    pid_one_command platform ports privileged pull_chef_image pull_platform_image read_timeout write_timeout security_opt
    tmpfs userns_host user_ns_mode volumes`,
  'driver docker': `binary socket tls tls_verify tls_cacert tls_cert tls_key use_sudo sudo_command image platform
    dockerfile provision_command build_context build_options build_tempdir use_cache remove_images docker_platform
    instance_name package_name username private_key public_key run_command run_options privileged cap_add cap_drop
    security_opt env_variables volume volumes_from mount tmpfs devices links forward dns add_host hostname memory cpu
    gpus publish_all isolation interactive tty disable_upstart http_proxy https_proxy no_proxy
    use_internal_docker_network wait_for_transport`,
  'transport dokken':
    'docker_host_url docker_info read_timeout write_timeout login_command docker host_ip_override',
  'transport docker': `binary socket tls tls_verify tls_cacert tls_cert tls_key use_sudo sudo_command temp_dir
    working_dir username`,
  'provisioner dokken': `root_path chef_binary chef_options chef_log_level chef_output_format profile_ruby product_name
    product_version clean_dokken_sandbox`,
  'provisioner chef_zero': `http_proxy https_proxy ftp_proxy no_proxy retry_on_exit_code max_retries wait_for_retry
    root_path sudo sudo_command command_prefix uploads downloads run_list attributes named_run_list policy_group
    policyfile_path policyfile berksfile_path always_update_cookbooks cookbook_files_glob multiple_converge
    enforce_idempotency deprecations_as_errors log_level log_file profile_ruby config_path data_path data_bags_path
    environments_path nodes_path roles_path clients_path encrypted_data_bag_secret_key_path chef_license
    chef_license_key product_name product_version channel install_strategy platform platform_version architecture
    download_url checksum require_chef_omnibus chef_omnibus_url chef_omnibus_install_options chef_omnibus_root
    client_rb json_attributes chef_zero_host chef_zero_port chef_client_path ruby_bindir slow_resource_report`,
  'provisioner shell': `script command arguments data_path http_proxy https_proxy ftp_proxy no_proxy
    retry_on_exit_code max_retries wait_for_retry root_path sudo sudo_command command_prefix uploads downloads`,
  'provisioner dummy': 'sleep random_failure fail',
  'verifier dummy': 'sleep random_failure fail',
  'verifier shell': `command sleep shellout_opts live_stream remote_exec http_proxy https_proxy ftp_proxy no_proxy
    root_path sudo sudo_command command_prefix chef_omnibus_root suite_name downloads`,
};

for (const [plugin, options] of Object.entries(PEER)) {
  await tap.test(`every option of the peer's ${plugin} is honoured, accepted or refused`, async (t) => {
    const [section = '', name = ''] = plugin.split(' ');
    const list = {
      driver: plugins.drivers,
      transport: plugins.transports,
      provisioner: plugins.provisioners,
      verifier: plugins.suites,
    };
    const found = findPlugin<{ name: string; aliases: readonly string[]; config: import('zod').ZodType }>(
      list[section as keyof typeof list],
      name,
    );
    const known = new Set(optionsOf(found?.config ?? (undefined as never)).map(({ key }) => key));
    t.same(
      options.split(/\s+/).filter((key) => !known.has(key)),
      [],
    );
  });
}

await tap.test('every option says what it is for', async (t) => {
  for (const plugin of [
    ...plugins.drivers,
    ...plugins.transports,
    ...plugins.provisioners,
    ...plugins.suites,
  ]) {
    const silent = optionsOf(plugin.config).filter(({ status }) => !status.text);
    t.same(
      silent.map(({ key }) => key),
      [],
      plugin.name,
    );
  }
  t.match(optionsReference(plugins), /\| `cap_add` \| honoured \| capabilities to add/);
  t.match(optionsReference(plugins), /\| .*`use_cache`.* \| accepted \| the build cache/);
  t.match(optionsReference(plugins), /\| `gpus` \| refused \| instances get no GPU/);
});

const KITCHEN = `
driver: {name: docker, use_sudo: false, cap_ad: [X]}
provisioner: {name: shell, command: "true", sudo: true}
platforms: [{name: debian-12}, {name: debian-13}]
suites: [{name: a}]
`;

await tap.test('an unknown option is an error with its place, in compat mode a warning', async (t) => {
  const { instances } = await loadFrom(t, KITCHEN);
  t.throws(() => resolveInstances(instances, plugins, new Set()), {
    code: 'config.unknown_key',
    hint: 'did you mean "cap_add"?',
    location: { line: 2, column: 41 },
  });
  const compat = await loadFrom(t, KITCHEN, { compat: true });
  const resolved = resolveInstances(compat.instances, plugins, new Set());
  t.match(distinctNotes(resolved.flatMap(({ notes }) => notes)), [
    {
      level: 'warning',
      message: 'unknown key "cap_ad" in driver (did you mean "cap_add"?)',
      location: { line: 2 },
    },
    {
      level: 'verbose',
      message: /^driver.use_sudo has no work to do here: use a group/,
      location: { line: 2 },
    },
    { level: 'verbose', message: /^provisioner.sudo has no work to do here/, location: { line: 3 } },
  ]);
});

await tap.test('compat mode forgives unknown options only', async (t) => {
  const wrong = KITCHEN.replace('cap_ad: [X]', 'cap_ad: [X], memory: much, gpus: all');
  const { instances } = await loadFrom(t, wrong, { compat: true });
  t.throws(() => resolveInstances(instances, plugins, new Set()), {
    errors: [
      { message: /driver.memory: is not a size/ },
      {
        code: 'config.unsupported_option',
        message: 'driver.gpus is not supported',
        hint: 'instances get no GPU',
      },
    ],
  });
});
