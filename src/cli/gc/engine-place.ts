import type { Leftover } from '../../core/driver.ts';
import type { FoundResource } from '../../docker/resources.ts';
import type { Host } from '../host.ts';
import { IN_USE, type Place } from './place.ts';

/** The caller's Docker engine. */
export async function enginePlace(host: Host): Promise<Place> {
  const [{ connectEngine }, resources, { LABEL }] = await Promise.all([
    import('../../docker/connect.ts'),
    import('../../docker/resources.ts'),
    import('../../docker/labels.ts'),
  ]);
  const engine = await connectEngine(host.env);
  return {
    where: '',
    async find(project) {
      const label = [project === undefined ? LABEL.project : `${LABEL.project}=${project}`];
      const [made, snapshots] = await Promise.all([
        resources.listLabelled(engine, { label }),
        resources.listLabelledImages(engine, { label }),
      ]);
      return [...made, ...snapshots];
    },
    /** Containers before the networks and images they hang on, those before volumes. */
    async remove(doomed) {
      const failures = new Map<Leftover, unknown>();
      for (const kind of ['container', 'network', 'volume', 'image'] as const) {
        await Promise.all(
          doomed
            .filter((one) => one.kind === kind)
            .map(async (one) => {
              try {
                if (kind !== 'image') await resources.removeResource(engine, one as FoundResource);
                else if (!(await resources.removeImage(engine, one))) throw IN_USE;
              } catch (error) {
                failures.set(one, error);
              }
            }),
        );
      }
      return failures;
    },
  };
}
