const PHASES = ['create', 'converge', 'setup', 'verify', 'destroy'] as const;

/** `pre_create` … `finally_destroy`, and our own `on_failure`. */
export const HOOK_NAMES = [
  ...PHASES.flatMap((phase) => [`pre_${phase}`, `post_${phase}`, `finally_${phase}`]),
  'on_failure',
];

/** Keys that a suite may hold although they are the provisioner's. */
export const SUITE_PATHS = [
  'data_path',
  'data_bags_path',
  'encrypted_data_bag_secret_key_path',
  'environments_path',
  'nodes_path',
  'roles_path',
] as const;
