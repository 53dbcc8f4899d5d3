import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type Dockerode from 'dockerode';

type Call = (...args: readonly unknown[]) => unknown;

/**
 * The Docker client, without two of its parts until they are called: BuildKit's sessions (gRPC and protobuf) and ssh,
 * which few runs need and which take three quarters of the time that it takes to load.
 */
export function loadDockerode(): typeof Dockerode {
  const own = createRequire(import.meta.url);
  const dockerode = createRequire(own.resolve('dockerode'));
  later(dockerode, './session');
  const modem = createRequire(dockerode.resolve('docker-modem'));
  later(modem, './ssh');
  return own('dockerode') as typeof Dockerode;
}

/** Puts a function in the place of a module that is one: it loads the module when it is called. */
function later(load: NodeJS.Require, path: string): void {
  const file = find(load, path);
  // Another version may be laid out in another way, or be there already: it is then loaded as ever.
  if (file === undefined || load.cache[file]) return;
  const call: Call = (...args) => {
    if (load.cache[file] === stand) delete load.cache[file];
    return (load(file) as Call)(...args);
  };
  const stand = Object.assign(new Module(file), {
    filename: file,
    loaded: true,
    paths: [dirname(file)],
    exports: call,
  });
  load.cache[file] = stand;
}

function find(load: NodeJS.Require, path: string): string | undefined {
  try {
    return load.resolve(path);
  } catch {
    return undefined;
  }
}
