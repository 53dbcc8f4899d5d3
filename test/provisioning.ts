import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginHost } from '../src/core/plugin-host.ts';
import type { ConvergeInput, UploadManifest } from '../src/core/provisioner.ts';
import type { Connection } from '../src/core/transport.ts';
import { type TestContext, testContext } from './contract/context.ts';

/** A context for a provisioner in the kitchen folder `root`. */
export function contextOf<C>(root: string, config: C): TestContext<C> {
  return testContext(config, { project: 'galley-test-provisioners', root });
}

/** What a converge gets, with the manifest kept like the state file does and the calls of the connection counted. */
export function converging(connection: Connection, binary: string) {
  const calls: string[] = [];
  let manifest: UploadManifest = {};
  const counted = new Proxy(connection, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        calls.push(String(key));
        return value.apply(target, args);
      };
    },
  });
  return {
    calls,
    input(): ConvergeInput {
      calls.length = 0;
      return {
        connection: counted,
        client: { product: 'chef', version: '18', digest: 'd', binary },
        uploaded: manifest,
        recordUpload: async (next) => {
          manifest = next;
        },
        logFile: '/logs/default-debian-12.log',
      };
    },
  };
}

/** The process as provisioners see it, with a cache of the tests' own. */
export function provisioningHost(env: PluginHost['env'] = {}): PluginHost {
  return { env, cacheDir: join(tmpdir(), 'galley-test-provisioning') };
}
