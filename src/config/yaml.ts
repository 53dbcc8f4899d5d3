import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The library as the build puts it into one file (src/prepare/single-file.mjs), or as installed, from sources. */
function load(): typeof import('yaml') {
  try {
    return require('../../vendor/yaml.cjs');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return require('yaml');
  }
}

export const { isAlias, isCollection, isMap, isScalar, isSeq, parseDocument, stringify, visit } = load();
