import type { CheckDeclaration } from '../core/check.ts';
import type { GalleyError } from '../core/errors.ts';
import type { Verifier } from '../core/verifier.ts';
import { givenId, uniqueIds } from './check-ids.ts';
import type { ChecksPlace } from './checks-place.ts';
import { badDependencies } from './depends.ts';
import { parseItem } from './parse-item.ts';
import { refuse } from './refuse.ts';

export type ParsedChecks =
  | { readonly declarations: readonly CheckDeclaration[] }
  | { readonly errors: readonly GalleyError[] };

/**
 * Reads `verifier.checks`. Pure. Each item is a map with one type key (`- port: 80`), the type's attributes and the
 * common keys. Everything wrong in the whole list is reported at once.
 */
export function parseChecks(
  raw: unknown,
  verifiers: ReadonlyMap<string, Verifier>,
  at: ChecksPlace,
): ParsedChecks {
  const who = at.instance === undefined ? '' : `${at.instance}: `;
  const list = at.pathPrefix.join('.');
  if (raw === undefined || raw === null || (Array.isArray(raw) && raw.length === 0)) {
    if (at.allowEmpty) return { declarations: [] };
    return {
      errors: [
        refuse(at, [], 'verify.no_checks', `${who}no checks: nothing would be verified`, {
          hint: `list some under verifier: checks:, e.g. - port: 80; existing tests: docs/test-suites.md; if there is nothing to verify, say allowEmpty: true there`,
        }),
      ],
    };
  }
  if (!Array.isArray(raw)) {
    return {
      errors: [
        refuse(at, [], 'config.invalid_value', `${who}${list} must be a list of checks`, {
          hint: "write '- ' before each check",
        }),
      ],
    };
  }
  const parsed = raw.map((item: unknown, index) => parseItem(item, index, verifiers, at));
  const errors = [...parsed.flatMap((one) => ('errors' in one ? one.errors : [])), ...duplicateIds(raw, at)];
  if (errors.length > 0) return { errors };
  const declarations = parsed.flatMap((one) => ('declaration' in one ? [one.declaration] : []));
  const ids = uniqueIds(declarations.map((one, index) => ({ given: givenId(raw[index]), derived: one.id })));
  const named = declarations.map((one, index) => ({ ...one, id: ids[index] ?? one.id }));
  const wrong = badDependencies(named, at);
  return wrong.length > 0 ? { errors: wrong } : { declarations: named };
}

function duplicateIds(items: readonly unknown[], at: ChecksPlace): GalleyError[] {
  const ids = items.map(givenId);
  return ids.flatMap((id, index) => {
    if (id === undefined || ids.indexOf(id) === index) return [];
    return refuse(at, [index, 'id'], 'config.duplicate_check_id', `two checks have the id '${id}'`, {
      got: id,
      hint: 'give one of them another id',
    });
  });
}
