import { RECIPES, type Recipe } from './recipes.ts';

/** A reference split into its parts; `tag` is `latest` when none is given. */
export interface ImageName {
  /** Host of the registry, `docker.io` when the reference names none. */
  readonly registry: string;
  /** Path below the registry without `library/`, e.g. `dokken/debian-12`. */
  readonly path: string;
  readonly tag: string;
  /** `sha256:…` when the reference is pinned. */
  readonly digest?: string;
}

/** Splits an image reference by the rules of distribution/reference (the first part is a host if it has `.` or `:`). */
export function parseImage(ref: string): ImageName {
  const [named = '', digest] = ref.split('@');
  const slash = named.indexOf('/');
  const first = slash > 0 ? named.slice(0, slash) : '';
  const isHost = first === 'localhost' || /[.:]/.test(first);
  const rest = isHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const path = (colon > rest.lastIndexOf('/') ? rest.slice(0, colon) : rest).replace(/^library\//, '');
  const tag = colon > rest.lastIndexOf('/') ? rest.slice(colon + 1) : 'latest';
  return { registry: isHost ? first : 'docker.io', path, tag, ...(digest && { digest }) };
}

/**
 * The recipe that can stand in for an image when no registry answers. Undefined when there is none, also for
 * references pinned by digest, other registries, and tags whose release the recipe does not provide.
 */
export function localRecipe(ref: string): Recipe | undefined {
  const name = parseImage(ref);
  if (name.registry !== 'docker.io' || name.digest) return undefined;
  const key = recipeName(name);
  return key === undefined ? undefined : RECIPES.get(key);
}

const CODENAMES: Readonly<Record<string, string>> = { bullseye: '11', bookworm: '12', trixie: '13' };

function recipeName({ path, tag }: ImageName): string | undefined {
  if (path.startsWith('galley/')) return path.slice('galley/'.length);
  const dokken = /^dokken\/(debian-\d+)$/.exec(path);
  if (dokken) return dokken[1];
  if (path === 'debian') {
    const plain = tag.replace(/-slim$/, '').replace(/^(\d+)\.\d+$/, '$1');
    return `debian-${CODENAMES[plain] ?? (plain === 'stable' || plain === 'latest' ? '13' : plain)}-base`;
  }
  if (path === 'postgres') return /^(latest|15)\b/.test(tag) ? 'postgres' : undefined;
  if (path === 'redis') return /^(latest|7)\b/.test(tag) ? 'redis' : undefined;
  if (path === 'motoserver/moto') return /^(latest|5)\b/.test(tag) ? 'moto' : undefined;
  return undefined;
}
