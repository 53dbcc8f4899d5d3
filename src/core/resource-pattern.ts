/** Says whether a resource such as `execute[date]` is meant. */
export interface ResourcePattern {
  (resource: string): boolean;
  /** As the user wrote it. */
  readonly text: string;
}

/**
 * `/…/` (with `i`, `s` or `u`) is a regular expression, not anchored; anything else is a resource's exact name. Throws a
 * SyntaxError for a broken expression and for what can be no name.
 */
export function resourcePattern(text: string): ResourcePattern {
  const [, source, flags] = /^\/(.*)\/([isu]*)$/s.exec(text) ?? [];
  if (source !== undefined) {
    const expression = new RegExp(source, flags);
    return Object.assign((resource: string) => expression.test(resource), { text });
  }
  if (!/^\w+\[.*\]$/s.test(text)) {
    throw new SyntaxError(`'${text}' is neither a resource such as execute[date] nor a /regular expression/`);
  }
  return Object.assign((resource: string) => resource === text, { text });
}
