import type { ImageFacts } from '../../src/core/surroundings.ts';
import type { Verifier } from '../../src/core/verifier.ts';
import { judgeImage } from './judge.ts';
import { type ImageSpec, INSTANCE, imageSpec } from './schema.ts';

/** What an image declares, as the engine that runs it tells; nothing is run for it. */
export const imageVerifier: Verifier<ImageSpec, ImageFacts> = {
  name: 'image',
  description:
    'the image that the instance or a companion was made from: env, ports, labels, entrypoint, user, volumes',
  spec: imageSpec,
  repeatable: false,
  title: (spec) => `${spec.of ?? 'image'} of ${spec.image}`,
  companions: (spec) => (spec.image === INSTANCE ? [] : [spec.image]),
  needs: () => ({}),
  async observe(spec, { around }) {
    const view = spec.image === INSTANCE ? around?.container : around?.companions.get(spec.image);
    if (!view) {
      throw new Error(
        spec.image === INSTANCE
          ? 'this driver makes its machines from no image that could be looked at'
          : `the service ${spec.image} was not started`,
      );
    }
    return (await view.facts())[spec.of ?? 'image'];
  },
  judge: judgeImage,
};
