import { GalleyError } from '../core/errors.ts';

/** What may stand in a path of the engine's API: `../x` would ask it for something else, or another machine. */
const IMAGE_NAME = /^[a-z0-9][\w.-]*(?:[/:@+][a-z0-9_][\w.-]*)*$/i;

/** Whether a text can name an image: `debian:12`, `host:5000/a/b@sha256:…`, `sha256:…`. The engine decides the rest. */
export function isImageName(ref: string): boolean {
  return IMAGE_NAME.test(ref);
}

/** Throws `image.bad_name` for a text that cannot name an image. */
export function checkImageName(ref: string): void {
  if (isImageName(ref)) return;
  throw new GalleyError({
    code: 'image.bad_name',
    kind: 'config',
    message: `${JSON.stringify(ref)} cannot be the name of an image`,
    expected: 'such as debian:12 or registry.example.com:5000/team/app:1',
    hint: 'correct image:, or give the platform one',
  });
}
