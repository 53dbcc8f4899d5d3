import { compareDigits } from './dpkg.ts';

/** Order of Python versions, PEP 440: `[N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]`. */
export function comparePip(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  const byRelease =
    compareDigits(left.epoch, right.epoch) || compareLists(left.release, right.release, compareDigits);
  if (byRelease !== 0) return byRelease;
  return (
    left.pre[0] - right.pre[0] ||
    compareDigits(left.pre[1], right.pre[1]) ||
    left.post - right.post ||
    left.dev - right.dev ||
    (left.local < right.local ? -1 : left.local > right.local ? 1 : 0)
  );
}

const PRE = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 } as const;

function parts(text: string): {
  epoch: string;
  release: readonly string[];
  pre: readonly [number, string];
  post: number;
  dev: number;
  local: string;
} {
  const pattern =
    /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|rc|c)[-_.]?(\d*))?(?:[-_.]?(?:post|rev|r)[-_.]?(\d*)|-(\d+))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+(.*))?$/;
  const found = pattern.exec(text.trim().toLowerCase());
  const [, epoch, release, pre, preNumber, post, bare, dev, local] = found ?? [];
  const hasPost = post !== undefined || bare !== undefined;
  // A bare development release comes before the prereleases of the same release.
  const rank = pre === undefined ? (dev !== undefined && !hasPost ? 0 : 9) : PRE[pre as keyof typeof PRE];
  return {
    epoch: epoch ?? '0',
    release: (release ?? text).split('.'),
    pre: [rank, preNumber || '0'],
    post: hasPost ? Number(post || bare || 0) : -1,
    dev: dev === undefined ? Number.MAX_SAFE_INTEGER : Number(dev || 0),
    local: local ?? '',
  };
}

function compareLists(
  a: readonly string[],
  b: readonly string[],
  compare: (one: string, other: string) => number,
): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const difference = compare(a[i] ?? '0', b[i] ?? '0');
    if (difference !== 0) return difference;
  }
  return 0;
}
