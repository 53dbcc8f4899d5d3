/** Stands for the dollar of a reference that is meant as one, until the text is written. */
export const REFERENCE_MARK = '\u{E000}';

/** `${services.db.url}` in a check that Galley writes itself, where any other such text is escaped. */
export function reference(name: string): string {
  return `${REFERENCE_MARK}{${name}}`;
}
