import type { Engine } from '../../docker/connect.ts';
import { engineMessage } from '../../docker/errors.ts';
import { localRecipe } from '../../images/catalogue.ts';
import { fitsLocal, localClientTag } from '../../images/client-image.ts';
import { LAYOUTS } from '../../images/client-layout.ts';
import { inspected } from '../../images/ensure.ts';
import { isImageName } from '../../images/image-name.ts';
import { localTag } from '../../images/recipes.ts';
import type { ResolvedInstance } from '../../plan/resolve.ts';
import { imageOf } from '../plan-lines.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const REGISTRY_MS = 5000;

interface Source {
  readonly how: 'present' | 'pullable' | 'buildable' | 'missing';
  readonly detail: string;
}

/** Where each image of the kitchen would come from, without pulling one. */
export async function probeImages(
  engine: Engine,
  resolved: readonly ResolvedInstance[],
): Promise<readonly Finding[]> {
  const refs = new Map<string, string>();
  for (const one of resolved) {
    const image = imageOf(one);
    if (image !== null) refs.set(image, one.instance.name);
    for (const [name, spec] of Object.entries(one.config.services)) {
      refs.set(spec.image, `${one.instance.name}, service ${name}`);
    }
  }
  return Promise.all(
    [...refs].map(async ([ref, user]) => toFinding('image', ref, user, await sourceOf(engine, ref))),
  );
}

async function sourceOf(engine: Engine, ref: string): Promise<Source> {
  if (!isImageName(ref)) return { how: 'missing', detail: 'no name of an image' };
  if (await inspected(engine, ref)) return { how: 'present', detail: 'on the engine' };
  const recipe = localRecipe(ref);
  if (recipe && (await inspected(engine, localTag(recipe)))) {
    return { how: 'present', detail: `its local build ${localTag(recipe)} is on the engine` };
  }
  const refusal = ref.startsWith('galley/') ? 'not kept in a registry' : await registryRefusal(engine, ref);
  if (refusal === undefined) return { how: 'pullable', detail: 'the registry has it' };
  if (recipe) return { how: 'buildable', detail: `registry: ${refusal}; galley/${recipe.name} can be built` };
  return { how: 'missing', detail: `registry: ${refusal}` };
}

/** Why the registry would not give the image, by its manifest alone; undefined when it would. */
async function registryRefusal(engine: Engine, ref: string): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(REGISTRY_MS);
  const silent = new Promise<string>((resolve) => {
    timeout.addEventListener('abort', () => resolve(`no answer within ${REGISTRY_MS / 1000} s`), {
      once: true,
    });
  });
  const asked = engine.docker
    .getImage(ref)
    .distribution()
    .then(
      () => undefined,
      (error: unknown) => engineMessage(error),
    );
  return Promise.race([asked, silent]);
}

function toFinding(probe: string, ref: string, user: string, { how, detail }: Source): Finding {
  const message = `${ref} (${user}): ${detail}`;
  if (how === 'missing') {
    return fail(
      probe,
      message,
      'correct image:, or docker pull it where a registry answers and docker load it here',
    );
  }
  if (how === 'buildable') return warn(probe, message, 'galley images build makes it beforehand');
  return ok(probe, message);
}

/** Whether there is a client for the instances that need one. */
export async function probeClient(
  engine: Engine,
  resolved: readonly ResolvedInstance[],
): Promise<readonly Finding[]> {
  const needing = resolved.filter(takesClient);
  const wishes = new Map(needing.map((one) => [JSON.stringify(clientOf(one)), clientOf(one)]));
  const findings: Finding[] = [];
  for (const { product = 'cinc', version = '18', image } of wishes.values()) {
    const ref = image ?? `${LAYOUTS[product].image}:${version}`;
    let source = await sourceOf(engine, ref);
    if (source.how === 'missing' && image === undefined && fitsLocal(version)) {
      const local = localClientTag(engine);
      source = (await inspected(engine, local))
        ? { how: 'present', detail: `its local build ${local} is on the engine` }
        : { how: 'buildable', detail: `${source.detail}; it can be built from gems` };
    }
    findings.push(toFinding('client', ref, `${product} ${version}`, source));
  }
  return findings;
}

/** Whether its Chef client comes from an image of the engine, or may: machines elsewhere can have one of their own. */
export function takesClient(one: ResolvedInstance): boolean {
  if (!one.request.needsClient) return false;
  return one.driver.name === 'docker' || ['auto', 'image'].includes(clientOf(one).from ?? 'auto');
}

interface Client {
  readonly from?: string;
  readonly product?: 'cinc' | 'chef';
  readonly version?: string;
  readonly image?: string;
}

function clientOf(one: ResolvedInstance): Client {
  return (one.driverConfig as { client?: Client }).client ?? {};
}
