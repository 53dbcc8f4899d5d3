import type { Filter } from '@aws-sdk/client-ec2';
import { GalleyError } from '../../src/core/errors.ts';
import type { Ec2Config } from './config.ts';
import { describeFilters, ownFilters, platformFilters } from './image-search.ts';
import { chooseTypes, type TypesAndArchitecture } from './instance-type.ts';
import { isWindows, type Platform, parsePlatform, unknownPlatform, windowsError } from './platform.ts';

/** What can be said of the image without asking AWS. Throws for Windows and platforms nobody knows images of. */
export function plannedImage(
  platform: string,
  config: Ec2Config,
): TypesAndArchitecture & { readonly platform: Platform | undefined; readonly filters: readonly Filter[] } {
  if (isWindows(platform)) throw windowsError(platform);
  const parsed = parsePlatform(platform);
  const chosen = chooseTypes(config.instanceTypes, parsed?.architecture, parsed?.family.name === 'macos');
  const byHand = config.imageId !== undefined || config.imageSearch !== undefined;
  if (!parsed && !byHand) throw unknownPlatform(platform);
  const filters = config.imageSearch
    ? ownFilters(config.imageSearch, chosen.architecture)
    : parsed
      ? platformFilters(parsed, chosen.architecture)
      : [];
  return { ...chosen, platform: parsed, filters };
}

/** The image for plans that ask nobody: its id, or what will be searched. Undefined where create will say what is wrong. */
export function imageWords(platform: string, config: Ec2Config): string | undefined {
  if (config.imageId !== undefined) return config.imageId;
  const filters = unlessWrong(() => plannedImage(platform, config).filters);
  return filters && `newest ${describeFilters(filters)}`;
}

/** What create will say of the platform, where that can be seen now. */
export function imageDoubt(platform: string, config: Ec2Config): string | undefined {
  try {
    plannedImage(platform, config);
    return undefined;
  } catch (error) {
    if (error instanceof GalleyError) return `${error.message}: ${error.hint ?? ''}`;
    throw error;
  }
}

/** The dearest of the instance types that may be taken; undefined unless all of them have a price. */
export function priceOf(platform: string, config: Ec2Config): number | undefined {
  if (Object.keys(config.prices).length === 0) return undefined;
  const prices = typesOf(platform, config).map((type) => config.prices[type]);
  return prices.length > 0 && prices.every((one) => one !== undefined) ? Math.max(...prices) : undefined;
}

/** The instance types that may be taken and have no price, where there are prices. */
export function unpricedTypes(platform: string, config: Ec2Config): readonly string[] {
  if (Object.keys(config.prices).length === 0) return [];
  return typesOf(platform, config).filter((type) => config.prices[type] === undefined);
}

function typesOf(platform: string, config: Ec2Config): readonly string[] {
  return unlessWrong(() => plannedImage(platform, config).types) ?? [];
}

function unlessWrong<T>(plan: () => T): T | undefined {
  try {
    return plan();
  } catch (error) {
    if (error instanceof GalleyError) return undefined;
    throw error;
  }
}
