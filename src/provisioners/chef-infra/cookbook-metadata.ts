export interface Dependency {
  readonly cookbook: string;
  /** 1-based line of the declaration; undefined for metadata.json. */
  readonly line: number | undefined;
}

export interface CookbookMetadata {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly depends: readonly Dependency[];
}

/**
 * Reads what can be read of metadata.rb without running Ruby: `name`, `version` and `depends` with literal
 * arguments, and the idiom `%w(a b).each { |c| depends c }`. Anything computed is left to the client.
 */
export function parseMetadataRb(text: string): CookbookMetadata {
  const depends: Dependency[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const name = literalArgument(line, 'depends');
    if (name !== undefined) depends.push({ cookbook: name, line: index + 1 });
  }
  const loop = /%w\s*[([{<]([^)\]}>]*)[)\]}>]\s*\.each\s*(?:do|\{)\s*\|\s*(\w+)\s*\|\s*depends[\s(]+\2\b/g;
  for (const match of text.matchAll(loop)) {
    const line = text.slice(0, match.index).split('\n').length;
    for (const cookbook of (match[1] ?? '').split(/\s+/).filter(Boolean)) depends.push({ cookbook, line });
  }
  const first = (key: string): string | undefined => {
    for (const line of lines) {
      const value = literalArgument(line, key);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return { name: first('name'), version: first('version'), depends };
}

/** Reads metadata.json; throws SyntaxError when it is not JSON. */
export function parseMetadataJson(text: string): CookbookMetadata {
  const data: unknown = JSON.parse(text);
  const record = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const dependencies = record['dependencies'];
  const names = typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : [];
  return {
    name: typeof record['name'] === 'string' ? record['name'] : undefined,
    version: typeof record['version'] === 'string' ? record['version'] : undefined,
    depends: names.map((cookbook) => ({ cookbook, line: undefined })),
  };
}

function literalArgument(line: string, key: string): string | undefined {
  const match = new RegExp(`^\\s*${key}(?:\\s+|\\s*\\(\\s*)(['"])([^'"#]+)\\1`).exec(line);
  return match?.[2];
}
