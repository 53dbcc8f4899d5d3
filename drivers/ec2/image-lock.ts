import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GalleyError } from '../../src/core/errors.ts';
import { limiter } from '../../src/core/limiter.ts';

/** Beside kitchen.yml, to be committed: what each search found when it was first made. */
const LOCK_FILE = 'galley-images.lock.json';

const Lock = z.object({
  v: z.literal(1),
  /** `REGION: what was searched for` → what was found. */
  images: z.record(z.string(), z.object({ id: z.string(), name: z.string() })),
});
type Lock = z.infer<typeof Lock>;
type LockedImage = Lock['images'][string];

const inTurn = limiter(1);

export async function lockedImage(root: string, key: string): Promise<LockedImage | undefined> {
  return (await read(join(root, LOCK_FILE))).images[key];
}

export function lockImage(root: string, key: string, image: LockedImage): Promise<void> {
  const path = join(root, LOCK_FILE);
  return inTurn(async () => {
    const { images } = await read(path);
    const entries = Object.entries({ ...images, [key]: image }).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const lock: Lock = { v: 1, images: Object.fromEntries(entries) };
    // Another process may lock an image of the same kitchen at this moment.
    const made = `${path}.${process.pid}.new`;
    await writeFile(made, `${JSON.stringify(lock, null, 2)}\n`);
    await rename(made, path);
  });
}

async function read(path: string): Promise<Lock> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"v":1,"images":{}}';
    throw error;
  });
  try {
    return Lock.parse(JSON.parse(text));
  } catch (error) {
    throw new GalleyError({
      code: 'ec2.bad_lock',
      kind: 'config',
      message: `${LOCK_FILE} cannot be read`,
      location: { file: path },
      details: [(error as Error).message.split('\n')[0] ?? ''],
      hint: 'restore it from version control, or delete it: the images are looked up anew',
    });
  }
}
