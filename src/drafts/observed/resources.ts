import { defined } from '../../core/defined.ts';
import type { ResourceResult } from '../../core/events.ts';
import type { Draft } from '../draft.ts';
import type { Observed } from './observed.ts';

const FILES = new Set([
  'template',
  'file',
  'cookbook_file',
  'remote_file',
  'directory',
  'remote_directory',
  'link',
]);
const PACKAGES = new Set(['package', 'apt_package', 'yum_package', 'dnf_package']);
const SERVICES = new Set(['service', 'systemd_unit', 'runit_service', 'sysv_service']);
/** What `apt_update` keeps for itself. */
const OF_APT = /^\/(var\/lib\/apt\/periodic|etc\/apt\/apt\.conf\.d(\/15update-stamp)?)$/;
const MAX_FILES = 200;

/** `template[/etc/x]` → `template`, `/etc/x`. */
function partsOf({ resource }: ResourceResult): readonly [type: string, name: string] {
  const [, type = '', name = ''] = /^(\w+)\[(.*)\]$/s.exec(resource) ?? [];
  return [type, name];
}

function namesOf(resources: readonly ResourceResult[], types: ReadonlySet<string>): readonly string[] {
  const names = resources
    .filter(({ status }) => status === 'updated' || status === 'up-to-date')
    .flatMap((one) => {
      const [type, name] = partsOf(one);
      return types.has(type) ? name.split(/,\s*/) : [];
    });
  return [...new Set(names)];
}

export function servicesOf(resources: readonly ResourceResult[]): readonly string[] {
  return namesOf(resources, SERVICES).filter((name) => /^[\w.@:-]+$/.test(name));
}

export function filesOf(resources: readonly ResourceResult[]): readonly string[] {
  return namesOf(resources, FILES)
    .filter((name) => /^\/[^\0\n*?[\]]*$/.test(name) && !OF_APT.test(name))
    .slice(0, MAX_FILES);
}

/** What the recipe says already: written as comments. */
export function repeated({ resources, second }: Observed): readonly Draft[] {
  const files = filesOf(resources).flatMap((path): readonly Draft[] => {
    const fact = second.files.find((one) => one.path === path);
    if (fact?.exists !== true || fact.error !== undefined) return [];
    const { type, owner, group, mode, target } = fact;
    const attributes =
      type === 'symlink' ? { target } : { owner, group, mode: mode?.toString(8).padStart(4, '0') };
    return [optional({ file: path, type, ...defined(attributes) })];
  });
  const packages = namesOf(resources, PACKAGES)
    .filter((name) => /^[\w][\w.+:~-]*$/.test(name))
    .map((name) => optional({ package: name }));
  const users = namesOf(resources, new Set(['user']))
    .filter((name) => /^[\w.-]+$/.test(name))
    .map((name) => optional({ user: name }));
  return [...files, ...packages, ...users];
}

function optional(item: Draft['item']): Draft {
  return { comments: [], item, isOptional: true };
}
