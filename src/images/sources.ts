/** One line of apt's sources, whichever format it was written in. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/** One-line format (`deb [options] uri suite component…`), sources.list(5). */
export function parseSourcesList(text: string): readonly AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s*(.*?)\s*(?:#.*)?$/.exec(line);
    const [, uri, suite, components] = match ?? [];
    if (uri === undefined || suite === undefined) return [];
    return [{ uri: trimmed(uri), suite, components: (components ?? '').split(/\s+/).filter(Boolean) }];
  });
}

/** deb822 format (`*.sources`): stanzas of fields, lists separated by white space, continued by indented lines. */
export function parseDeb822(text: string): readonly AptSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    let last = '';
    for (const line of stanza.split('\n')) {
      if (line.startsWith('#')) continue;
      const field = /^([A-Za-z][\w-]*):\s*(.*)$/.exec(line);
      if (field) {
        last = (field[1] ?? '').toLowerCase();
        fields.set(last, field[2] ?? '');
      } else if (/^\s/.test(line)) fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
    }
    const list = (key: string) => (fields.get(key) ?? '').split(/\s+/).filter(Boolean);
    if (!list('types').includes('deb') || /^(no|false|0)$/i.test(fields.get('enabled') ?? '')) return [];
    return list('uris').flatMap((uri) =>
      list('suites').map((suite) => ({ uri: trimmed(uri), suite, components: list('components') })),
    );
  });
}

export interface DebianMirrors {
  readonly main: string;
  readonly security: string;
}

const SUITE =
  /^(bullseye|bookworm|trixie|forky|sid|stable|oldstable|testing|unstable)(-security|-updates|\/updates)?$/;

/**
 * The Debian mirrors that this host itself uses, so that a mirror inside the company is found. Third-party archives
 * and other distributions are ignored. Undefined when the host uses none; the security archive is then beside it.
 */
export function debianMirrors(sources: readonly AptSource[]): DebianMirrors | undefined {
  const usable = sources.filter(
    ({ uri, suite, components }) =>
      SUITE.test(suite) && components.includes('main') && /^(https?|file|copy):/.test(uri),
  );
  const isSecurity = (one: AptSource) => /(-security|\/updates)$/.test(one.suite);
  const main = usable.find((one) => !isSecurity(one))?.uri;
  if (main === undefined) return undefined;
  return { main, security: usable.find(isSecurity)?.uri ?? `${main}-security` };
}

function trimmed(uri: string): string {
  return uri.replace(/\/+$/, '');
}
