import { parse } from 'ini';

type Settings = Readonly<Record<string, string>>;

/** What the shared files of the AWS tools say. Source: the AWS SDKs and Tools Reference Guide, "Shared config". */
export interface AwsFiles {
  readonly profiles: ReadonlyMap<string, Settings>;
  readonly ssoSessions: ReadonlyMap<string, Settings>;
}

/** Reads `~/.aws/credentials` and `~/.aws/config`; for a profile in both, the credentials win. */
export function parseAwsFiles(credentials: string, config: string): AwsFiles {
  const profiles = new Map<string, Settings>();
  const ssoSessions = new Map<string, Settings>();
  for (const [section, settings] of sectionsOf(config)) {
    const [kind, ...rest] = section.split(/\s+/);
    const name = rest.join(' ');
    if (section === 'default') profiles.set('default', settings);
    else if (kind === 'profile') profiles.set(name, settings);
    else if (kind === 'sso-session') ssoSessions.set(name, settings);
  }
  for (const [name, settings] of sectionsOf(credentials)) {
    profiles.set(name, { ...profiles.get(name), ...settings });
  }
  return { profiles, ssoSessions };
}

function sectionsOf(text: string): readonly (readonly [string, Settings])[] {
  // The parser takes a dot in a section for nesting, and an indented line belongs to a setting we do not need.
  const lines = text.split(/\r?\n/).filter((line) => !/^\s+\S/.test(line));
  const escaped = lines.map((line) => (line.startsWith('[') ? line.replaceAll('.', '\\.') : line));
  return Object.entries(parse(escaped.join('\n'))).flatMap(([section, settings]: [string, unknown]) =>
    typeof settings === 'object' && settings !== null
      ? [[section.trim(), Object.fromEntries(textsOf(settings))] as const]
      : [],
  );
}

function textsOf(settings: object): readonly (readonly [string, string])[] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
}
