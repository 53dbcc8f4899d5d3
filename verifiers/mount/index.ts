import type { Verifier } from '../../src/core/verifier.ts';
import { judgeMount, type MountCheckFacts } from './judge.ts';
import { type MountSpec, mountSpec } from './schema.ts';

export const mountVerifier: Verifier<MountSpec, MountCheckFacts> = {
  name: 'mount',
  description: 'a mount point: source, file system, options in force, space',
  spec: mountSpec,
  repeatable: false,
  title: (spec) => `mount ${spec.mount}${spec.mounted === false ? ' not mounted' : ''}`,
  needs: (spec) => ({
    mounts: [{ path: spec.mount, usage: Boolean(spec.usage ?? spec.free ?? spec.size) }],
    files: [{ path: spec.mount, content: false }],
  }),
  async observe(spec, { snapshot }) {
    const { mounts, via } = snapshot;
    if (!mounts) throw new Error('the mounts were not read');
    return { mounts, file: snapshot.files.find(({ path }) => path === spec.mount), via };
  },
  judge: judgeMount,
};
