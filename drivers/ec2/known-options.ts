/** Options of kitchen-ec2 that have no work to do here. Accepted, and named in a notice when used. */
export const UNNEEDED: Readonly<Record<string, string>> = {
  block_duration_minutes: 'AWS has no spot instances of a fixed duration any more',
  skip_cost_warning: 'there is no such warning',
};

const CREDENTIALS =
  'credentials are taken from the environment, ~/.aws or the role of the machine; shared_credentials_profile: names a profile';

/** Options that kitchen-ec2 itself has removed, and those that would change what is tested if they were ignored. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  aws_access_key_id: CREDENTIALS,
  aws_secret_access_key: CREDENTIALS,
  aws_session_token: CREDENTIALS,
  ebs_delete_on_termination: 'use block_device_mappings:',
  ebs_device_name: 'use block_device_mappings:',
  ebs_snapshot_id: 'use block_device_mappings:',
  ebs_virtual_name: 'use block_device_mappings:',
  ebs_volume_size: 'use block_device_mappings:',
  ebs_volume_type: 'use block_device_mappings:',
  flavor_id: 'use instance_type:',
  ssh_key: 'write it under transport:',
  ssh_retries: 'write connection_retries: under transport:',
  ssh_timeout: 'write connection_timeout: under transport:',
  username: 'write it under transport:',
};
