import { GalleyError } from '../../src/core/errors.ts';
import type { Instance } from '../../src/core/instance.ts';
import { platformImage } from '../../src/images/platforms.ts';
import type { DockerConfig } from './config.ts';

type Choice = Pick<DockerConfig, 'image' | 'init'>;

/** The image that an instance is made from; undefined for a platform that no container can be. */
export function chosenImage(instance: Instance, config: Choice): string | undefined {
  return config.image ?? platformImage(instance.platform, config.init);
}

/** The same; throws `docker.no_image` where there is none. */
export function chosenImageOrThrow(instance: Instance, config: Choice): string {
  const image = chosenImage(instance, config);
  if (image !== undefined) return image;
  throw new GalleyError({
    code: 'docker.no_image',
    kind: 'config',
    message: `${instance.name}: ${instance.platform} is no Linux, so there is no image for it`,
    expected: 'a platform such as debian-12, or driver.image',
    got: instance.platform,
    hint: 'leave it out: --platform chooses platforms',
  });
}
