import { z } from 'zod';

const PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const HOST =
  '(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9][A-Za-z0-9-]*)*|\\[[0-9a-fA-F:]+\\])(?::\\d+)?';
/** By the grammar of github.com/distribution/reference. */
const REFERENCE = new RegExp(
  `^(?:${HOST}/)?${PART}(?:/${PART})*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,})?$`,
);

/** Name of an image: `debian:12`, `registry.example:5000/team/base@sha256:…`. */
export const imageReference = z
  .string()
  .regex(REFERENCE, 'is not the name of an image: write NAME:TAG in lower case, such as debian:12');
