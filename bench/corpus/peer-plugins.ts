import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How Test Kitchen says that a plugin is not installed (lib/kitchen/plugin.rb). */
const MISSING = /Could not load the '([\w-]+)' (driver|provisioner|verifier|transport)/;

/** The plugin that a kitchen's output asks for, as the path that Test Kitchen requires. */
export function missingPlugin(output: string): string | undefined {
  const found = MISSING.exec(output);
  return found ? `kitchen/${found[2]}/${found[1]}` : undefined;
}

/**
 * Writes an empty plugin in place of one that is not installed, below `folder`, which is on Ruby's load path. It is
 * quicker to load than the real one, so the peer's time is rather too good.
 */
export async function standIn(folder: string, path: string): Promise<void> {
  const [, kind = '', name = ''] = path.split('/');
  const camel = (text: string): string =>
    text.replaceAll(/(?:^|[_-])(\w)/g, (_, one: string) => one.toUpperCase());
  const module = camel(kind);
  const code = `require "kitchen"
module Kitchen
  module ${module}
    class ${camel(name)} < Kitchen::${module}::Base
      kitchen_${kind}_api_version 2 if respond_to?(:kitchen_${kind}_api_version)
    end
  end
end
`;
  await mkdir(join(folder, 'kitchen', kind), { recursive: true });
  await writeFile(join(folder, `${path}.rb`), code);
}
