import { GalleyError } from '../../src/core/errors.ts';
import type { Instance } from '../../src/core/instance.ts';
import { platformImage } from '../../src/images/platforms.ts';
import type { DockerConfig } from './config.ts';

/** The image that an instance is made from. Throws `docker.no_image` for a platform that no container can be. */
export function imageName(instance: Instance, config: Pick<DockerConfig, 'image' | 'init'>): string {
  const image = config.image ?? platformImage(instance.platform, config.init);
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
