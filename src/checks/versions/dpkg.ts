/** Order of Debian versions, deb-version(7): `[epoch:]upstream[-revision]`; `~` sorts before the end of a part. */
export function compareDpkg(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  return (
    left.epoch - right.epoch ||
    compareText(left.upstream, right.upstream) ||
    compareText(left.revision, right.revision)
  );
}

function parts(version: string): { epoch: number; upstream: string; revision: string } {
  const found = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/s.exec(version);
  return { epoch: Number(found?.[1] ?? 0), upstream: found?.[2] ?? '', revision: found?.[3] ?? '' };
}

/** Parts without digits by character, parts of digits by number, in turn. */
function compareText(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left !== '' || right !== '') {
    const [leftWord, rightWord] = [/^\D*/.exec(left)?.[0] ?? '', /^\D*/.exec(right)?.[0] ?? ''];
    const length = Math.max(leftWord.length, rightWord.length);
    for (let i = 0; i < length; i += 1) {
      const difference = weight(leftWord[i]) - weight(rightWord[i]);
      if (difference !== 0) return difference;
    }
    [left, right] = [left.slice(leftWord.length), right.slice(rightWord.length)];
    const [leftDigits, rightDigits] = [/^\d*/.exec(left)?.[0] ?? '', /^\d*/.exec(right)?.[0] ?? ''];
    const difference = compareDigits(leftDigits, rightDigits);
    if (difference !== 0) return difference;
    [left, right] = [left.slice(leftDigits.length), right.slice(rightDigits.length)];
  }
  return 0;
}

function weight(char: string | undefined): number {
  if (char === '~') return -1;
  if (char === undefined || /\d/.test(char)) return 0;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}

/** Numbers of any length. */
export function compareDigits(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
