import { DescribeImagesCommand, type Filter, type Image } from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { CreateRequest } from '../../src/core/driver.ts';
import { GalleyError } from '../../src/core/errors.ts';
import type { Account } from './account.ts';
import type { Ec2Config } from './config.ts';
import { familyOfImage } from './families.ts';
import { lockedImage, lockImage } from './image-lock.ts';
import { describeFilters, rankImages } from './image-search.ts';
import { plannedImage } from './image-words.ts';
import { assertNotWindows, type Platform } from './platform.ts';

type Context = Pick<ActionContext<Ec2Config>, 'config' | 'instance' | 'root' | 'emit' | 'once'>;

/** The image of a new machine and what follows from it. */
export interface ChosenImage {
  readonly id: string;
  readonly types: readonly string[];
  readonly user: string;
  readonly hasCloudInit: boolean;
}

/** Finds the image. A name is looked up once per run, and kept in the lock file when that is wanted. */
export async function chooseImage(
  account: Account,
  ctx: Context,
  request: CreateRequest,
): Promise<ChosenImage> {
  const { config, instance } = ctx;
  const { types, platform, filters } = plannedImage(instance.platform, config);
  const given = request.from?.id ?? config.imageId;
  if (given !== undefined && platform) return chosen(given, types, platform.family, platform.version);
  const image = await ctx.once(
    ['the image', account.region, given, JSON.stringify(filters)].join('\n'),
    async () =>
      given === undefined ? newest(account, ctx, filters, platform) : byId(account, given, instance.platform),
  );
  const found = platform ?? familyOfImage(image.name);
  if (found) return chosen(image.id, types, found.family, found.version);
  // Its owner will have said under transport: who may log in.
  return { id: image.id, types, user: 'ec2-user', hasCloudInit: true };
}

function chosen(
  id: string,
  types: readonly string[],
  family: Platform['family'],
  version: Platform['version'],
): ChosenImage {
  return { id, types, user: family.user(version), hasCloudInit: family.cloudInit };
}

interface NamedImage {
  readonly id: string;
  readonly name: string;
}

async function newest(
  account: Account,
  ctx: Context,
  filters: readonly Filter[],
  platform: Platform | undefined,
): Promise<NamedImage> {
  const search = describeFilters(filters);
  const key = `${account.region}: ${search}`;
  const locked = ctx.config.lockImages ? await lockedImage(ctx.root, key) : undefined;
  if (locked) return locked;
  const images = await imagesWith(account, `find the image of ${ctx.instance.platform}`, filters);
  const [best] = rankImages(images, ctx.config.imageSearch ? undefined : platform);
  if (!best?.ImageId) {
    throw new GalleyError({
      code: 'ec2.no_image',
      kind: 'infrastructure',
      message: `no image was found for ${ctx.instance.platform} in ${account.region}`,
      expected: search,
      got: images.length === 0 ? 'nothing' : `${images.length} images of other versions`,
      hint: 'correct the version in the name of the platform, or name an image with image_id: or image_search:',
    });
  }
  assertNotWindows(best, ctx.instance.platform);
  const image = { id: best.ImageId, name: best.Name ?? '' };
  if (ctx.config.lockImages) await lockImage(ctx.root, key, image);
  const text = `image ${image.name} (${image.id})`;
  ctx.emit({ type: 'notice', instance: ctx.instance.name, level: 'verbose', message: text });
  return image;
}

async function byId(account: Account, id: string, platform: string): Promise<NamedImage> {
  const [image] = await imagesWith(account, `look at image ${id}`, [{ Name: 'image-id', Values: [id] }]);
  assertNotWindows(image ?? {}, platform);
  return { id, name: image?.Name ?? '' };
}

async function imagesWith(
  account: Account,
  doing: string,
  filters: readonly Filter[],
): Promise<readonly Image[]> {
  const found: Image[] = [];
  let NextToken: string | undefined;
  do {
    const input = { Filters: [...filters], ...(NextToken !== undefined && { NextToken }) };
    const page = await account.ask('DescribeImages', doing, (ec2) =>
      ec2.send(new DescribeImagesCommand(input)),
    );
    found.push(...(page.Images ?? []));
    NextToken = page.NextToken || undefined;
  } while (NextToken !== undefined);
  return found;
}
