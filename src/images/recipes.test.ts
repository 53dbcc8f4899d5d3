import tap from 'tap';
import { localTag, RECIPES, recipeHash, recipeOrThrow } from './recipes.ts';

await tap.test('an edited recipe gets another tag, and so does what stands on it', async (t) => {
  const base = recipeOrThrow('debian-12-base');
  const edited = { ...base, dockerfile: `${base.dockerfile}RUN true\n` };
  t.not(recipeHash(edited), recipeHash(base));
  t.match(localTag(base), /^galley\/debian-12-base:[0-9a-f]{12}$/);
  t.not(recipeHash(recipeOrThrow('debian-11')), recipeHash(recipeOrThrow('debian-12')), 'another base');
});

await tap.test('every recipe stands on one that exists', async (t) => {
  for (const recipe of RECIPES.values()) {
    if ('recipe' in recipe.base) t.ok(RECIPES.has(recipe.base.recipe), recipe.name);
    else t.match(recipe.dockerfile, /^FROM scratch\nADD rootfs\.tar \//);
  }
});
