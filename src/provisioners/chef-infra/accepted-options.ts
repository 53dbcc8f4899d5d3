/**
 * Options of existing configs that need no action here, with the reason. They are accepted so that a kitchen.yml
 * written for Test Kitchen or kitchen-dokken loads unmodified; what is in neither list is a schema error.
 */
export const ACCEPTED_OPTIONS: Readonly<Record<string, string>> = {
  always_update_cookbooks:
    'lock files are honoured as they are; run the update command of the tool to change them',
  architecture: 'the driver provides the client',
  channel: 'the driver provides the client',
  checksum: 'the driver provides the client',
  chef_license_key: 'nothing is downloaded from a licensed site',
  chef_license_server: 'nothing is downloaded from a licensed site',
  chef_metadata_url: 'the driver provides the client',
  chef_omnibus_install_options: 'the driver provides the client',
  chef_omnibus_root: 'the driver provides the client',
  chef_omnibus_url: 'the driver provides the client',
  clean_dokken_sandbox: 'nothing is kept in a sandbox on the host',
  config_path: 'the workstation configuration is not read',
  debug: 'use --log-level',
  download_url: 'the driver provides the client',
  ignore_pattern: 'use a chefignore file',
  install_strategy: 'the driver provides the client',
  kitchen_root: 'the folder of kitchen.yml',
  legacy_mode: 'only local mode is supported',
  platform: 'the driver provides the client',
  platform_version: 'the driver provides the client',
  product_name: 'the driver provides the client',
  product_version: 'the driver provides the client',
  require_chef_omnibus: 'the driver provides the client',
  ruby_bindir: 'the driver provides the client',
  sudo: 'the transport runs commands as the user that can do everything',
  sudo_command: 'the transport runs commands as the user that can do everything',
};
