import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LocalFile } from '../../local/local-files.ts';
import type { Role } from './run-list.ts';

/** Reads the role files (`*.json`, `*.rb`) among the files of roles folders. */
export async function readRoles(files: readonly LocalFile[]): Promise<readonly Role[]> {
  const roles: Role[] = [];
  for (const file of files) {
    if (!/\.(json|rb)$/.test(file.path)) continue;
    const text = await readFile(file.absolute, 'utf8');
    const name = basename(file.path).replace(/\.(json|rb)$/, '');
    roles.push(
      file.path.endsWith('.json')
        ? roleFromJson(name, file.absolute, text)
        : roleFromRuby(name, file.absolute, text),
    );
  }
  return roles;
}

export function roleFromJson(name: string, file: string, text: string): Role {
  try {
    const data = JSON.parse(text) as { readonly name?: unknown; readonly run_list?: unknown };
    const runList = Array.isArray(data.run_list)
      ? data.run_list.filter((item) => typeof item === 'string')
      : [];
    return { name: typeof data.name === 'string' ? data.name : name, file, runList };
  } catch {
    // The client says what is wrong with it better than a guess here.
    return { name, file, runList: undefined };
  }
}

/** `run_list 'a', "b"`, `run_list(…)`, `run_list %w(a b)` with literal items; anything else is left to the client. */
export function roleFromRuby(fallbackName: string, file: string, text: string): Role {
  const code = text.replaceAll(/^\s*#.*$/gm, '');
  const name = /^\s*name[\s(]+(['"])([^'"#]+)\1/m.exec(code)?.[2] ?? fallbackName;
  const list =
    /^\s*run_list[ \t]*\(?\s*(%w\s*[([{<][^)\]}>]*[)\]}>]|\[?\s*(?:(['"])[^'"]*\2\s*,?\s*)+)/m.exec(
      code,
    )?.[1];
  if (list === undefined) return { name, file, runList: /^\s*run_list\b/m.test(code) ? undefined : [] };
  const items = list.startsWith('%w')
    ? list
        .replace(/^%w\s*./, '')
        .slice(0, -1)
        .split(/\s+/)
    : [...list.matchAll(/(['"])([^'"]*)\1/g)].map((match) => match[2] ?? '');
  const literal = items.filter(Boolean);
  return { name, file, runList: literal.some((item) => item.includes('#{')) ? undefined : literal };
}
