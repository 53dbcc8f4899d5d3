import type { ChefInfraSettings } from './settings.ts';

export interface ClientRbInput {
  readonly nodeName: string;
  readonly settings: ChefInfraSettings;
  readonly hasSecret: boolean;
  readonly policy: { readonly name: string; readonly group: string } | undefined;
}

/** Name of the client's per-resource report below the root path. */
export const REPORT_FILE = '.galley/report.json';

/** Name of the configuration below the root path. */
export function configFile(settings: ChefInfraSettings): string {
  return settings.solo ? 'solo.rb' : 'client.rb';
}

/** The client's configuration: Test Kitchen's keys, then `client_rb`, then what Galley itself relies on. */
export function renderClientRb(input: ClientRbInput): string {
  const { settings } = input;
  const root = settings.root_path;
  const keys: Record<string, unknown> = {
    node_name: input.nodeName,
    chef_repo_path: root,
    checksum_path: `${root}/checksums`,
    file_cache_path: `${root}/cache`,
    file_backup_path: `${root}/backup`,
    cookbook_path: [`${root}/cookbooks`],
    data_bag_path: `${root}/data_bags`,
    environment_path: `${root}/environments`,
    node_path: `${root}/nodes`,
    role_path: `${root}/roles`,
    client_path: `${root}/clients`,
    user_path: `${root}/users`,
    ...(input.hasSecret && { encrypted_data_bag_secret: `${root}/encrypted_data_bag_secret` }),
    treat_deprecation_warnings_as_errors: settings.deprecations_as_errors,
    chef_license: settings.chef_license ?? 'accept-no-persist',
    ...(input.policy && {
      use_policyfile: true,
      policy_document_native_api: true,
      policy_name: input.policy.name,
      policy_group: input.policy.group,
    }),
    ...settings.client_rb,
    ...(settings.named_run_list !== undefined && { named_run_list: settings.named_run_list }),
  };
  const lines = Object.entries(keys).map(([key, value]) => renderSetting(key, value));
  return `${[...lines, reportSetting(root), gemSetting(root)].join('\n')}\n`;
}

function renderSetting(key: string, value: unknown): string {
  const ruby = toRuby(value);
  // A bare hash after a method name would be read as a block.
  return ruby.startsWith('{') ? `${key}(${ruby})` : `${key} ${ruby}`;
}

/** A Ruby literal; a string that starts with a colon is a symbol, as in Test Kitchen (`ssl_verify_mode: ":verify_none"`). */
export function toRuby(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') {
    if (/^:[A-Za-z_]\w*[?!]?$/.test(value)) return value;
    return `"${value
      .replace(/["\\#]/g, '\\$&')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')}"`;
  }
  if (Array.isArray(value)) return `[${value.map(toRuby).join(', ')}]`;
  if (typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, inner]) => `${toRuby(key)} => ${toRuby(inner)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return JSON.stringify(value);
}

/** https://docs.chef.io/config_rb_client/ `data_collector.output_locations`; the file must exist beforehand. */
function reportSetting(root: string): string {
  return `
# The per-resource report that Galley reads, beside any place the kitchen asks for itself.
galley_reports = (data_collector[:output_locations] || {}).to_h.transform_keys(&:to_sym)
galley_reports[:files] = Array(galley_reports[:files]) + [${toRuby(`${root}/${REPORT_FILE}`)}]
data_collector[:output_locations] = galley_reports`;
}

/**
 * A client in a volume is read-only and shared by all instances, so gems that recipes install for it go to the
 * instance. Not by Gem.use_paths: `chef_gem` calls Gem.clear_paths, which forgets it and asks the environment; not by
 * the environment, which commands run by recipes would inherit; and not by the `gem` command that chef_gem would
 * call, which knows nothing of this process: without `gem_binary` its provider installs in-process.
 */
function gemSetting(root: string): string {
  return `
# Where the client cannot install gems into its own folder, chef_gem installs them here.
galley_gem_dir = Gem.dir
galley_gem_dir = File.dirname(galley_gem_dir) until File.exist?(galley_gem_dir)
galley_gem_fixed = !File.writable?(galley_gem_dir)
if galley_gem_fixed
  galley_gem_env = { "GEM_HOME" => ${toRuby(`${root}/gems`)}, "GEM_PATH" => Gem.path.join(File::PATH_SEPARATOR) }
  Gem.singleton_class.prepend(Module.new do
    define_method(:paths) { @paths ||= Gem::PathSupport.new(ENV.to_hash.merge(galley_gem_env)) }
  end)
  Gem.clear_paths
end
if galley_gem_fixed || !File.executable?(File.join(RbConfig::CONFIG["bindir"], "gem"))
  require "chef/resource/chef_gem"
  Chef::Resource::ChefGem.prepend(Module.new do
    def gem_binary(*) = options.is_a?(String) ? super : nil
  end)
end`;
}
