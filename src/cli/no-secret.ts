/** Under settings and the record of a machine: keys that speak of secrets and hold a name, a path or a fingerprint. */
const NO_SECRETS: Readonly<Record<string, readonly string[]>> = {
  driver: ['aws_ssh_key_id', 'aws_ssh_key_type', 'shared_credentials_profile', 'ssh_key'],
  transport: ['host_key', 'ssh_key', 'ssh_key_only'],
  provisioner: ['encrypted_data_bag_secret_key_path'],
  machine: ['hostKeys', 'keyFile', 'keyName'],
};

/** Whether the value of `key`, directly under `parent`, is what the user wants to see. A key itself has several lines. */
export function isNoSecret(parent: unknown, key: string, value: unknown): boolean {
  const isKey = /\\n/.test(JSON.stringify(value) ?? '');
  return !isKey && NO_SECRETS[String(parent)]?.includes(key) === true;
}
