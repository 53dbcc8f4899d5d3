/**
 * Options of kitchen-dokken and kitchen-docker that existing configs carry and that have no work to do here. They are
 * accepted, so that a kitchen.yml is read unmodified, and named in a notice when used.
 */
const PEER_OPTIONS: Readonly<Record<string, string>> = {
  api_retries: 'the engine is asked directly, without a retry loop',
  binary: 'the engine is used through its API, not through the docker command',
  build_context: 'no folder is sent to the engine',
  build_options: 'intermediate_instructions are built through the API',
  build_tempdir: 'nothing is written to a temporary folder',
  cache_directory: 'packages are not cached on the host',
  creds_file: 'run `docker pull` once where credentials are needed',
  data_image: 'files travel through the API: there is no data container',
  data_ssh_port: 'files travel through the API: there is no data container',
  disable_upstart: 'there is no Upstart to disable',
  docker_config_creds: 'credentials of the engine are used',
  docker_info: 'the engine is asked when it is needed',
  image_prefix: 'instances need no image of their own',
  instance_name: 'names are derived from project, instance and run',
  interactive: 'instances have no terminal of their own',
  isolation: 'only Linux containers are made',
  links: 'companions are reached by name on the network of the instance: declare services:',
  package_name: 'instances are not packaged',
  private_key: 'there is no sshd: commands go through the API',
  public_key: 'there is no sshd: commands go through the API',
  read_timeout: 'limits are set per phase',
  remove_images: 'instances need no image of their own',
  sudo_command: 'use a group or a rootless engine instead of sudo',
  tls: 'TLS is taken from DOCKER_TLS_VERIFY and DOCKER_CERT_PATH or the docker context',
  tls_cacert: 'TLS is taken from DOCKER_CERT_PATH or the docker context',
  tls_cert: 'TLS is taken from DOCKER_CERT_PATH or the docker context',
  tls_key: 'TLS is taken from DOCKER_CERT_PATH or the docker context',
  tls_verify: 'TLS is taken from DOCKER_TLS_VERIFY or the docker context',
  tty: 'instances have no terminal of their own',
  use_cache: 'the build cache of the engine is always used',
  use_internal_docker_network: 'ports are reached through 127.0.0.1',
  use_sudo: 'use a group or a rootless engine instead of sudo',
  username: 'commands run as root unless a check says otherwise',
  wait_for_transport: 'readiness is always waited for',
  write_timeout: 'limits are set per phase',
};

const LEFT_OVER = 'a setting of another driver, left over from the file that this one is laid over';

/**
 * Settings of other drivers that stay in an instance when an overlay such as kitchen.dokken.yml only changes the name
 * of its driver. Test Kitchen ignores them.
 */
const OF_OTHER_DRIVERS = [
  // vagrant
  'box',
  'box_arch',
  'box_auto_prune',
  'box_auto_update',
  'box_check_update',
  'box_download_ca_cert',
  'box_download_insecure',
  'box_url',
  'box_version',
  'boot_timeout',
  'communicator',
  'customize',
  'gui',
  'kitchen_cache_directory',
  'linked_clone',
  'network',
  'pre_create_command',
  'provider',
  'provision',
  'ssh_key',
  'synced_folders',
  'use_cached_chef_client',
  'vagrantfile_erb',
  'vagrantfiles',
  'vm_hostname',
  // ec2
  'associate_public_ip',
  'availability_zone',
  'aws_ssh_key_id',
  'block_device_mappings',
  'ebs_optimized',
  'iam_profile_name',
  'image_id',
  'image_search',
  'instance_type',
  'region',
  'security_group_ids',
  'shared_credentials_profile',
  'subnet_id',
  'tags',
  'user_data',
  // azurerm
  'image_urn',
  'location',
  'machine_size',
  'subscription_id',
  // proxy
  'host',
  'password',
  'reset_command',
] as const;

/** Settings of the provisioner that real kitchens put into the driver, where they have no effect. */
const OF_THE_PROVISIONER = ['chef_license', 'product_name', 'product_version', 'root_path'] as const;

export const UNNEEDED: Readonly<Record<string, string>> = {
  ...PEER_OPTIONS,
  ...Object.fromEntries(OF_OTHER_DRIVERS.map((key) => [key, LEFT_OVER])),
  ...Object.fromEntries(OF_THE_PROVISIONER.map((key) => [key, 'a setting of the provisioner'])),
};

/** Options that would change what is tested if they were ignored, with what to write instead. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  build_args: 'build the image yourself and name it under image:',
  dockerfile: 'build the image yourself and name it under image:, or use intermediate_instructions:',
  gpus: 'instances get no GPU',
  mount: 'use volumes: or tmpfs:',
  publish_all: 'list the ports under publish:',
};
