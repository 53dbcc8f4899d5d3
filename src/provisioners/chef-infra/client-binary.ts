import { GalleyError } from '../../core/errors.ts';
import type { ConvergeInput } from '../../core/provisioner.ts';
import type { ChefInfraSettings } from './settings.ts';

/** Where the images and installers of the peer put the client: the one that the driver brings takes its place. */
const USUAL_PLACES: ReadonlySet<string> = new Set([
  '/opt/chef/bin/chef-client',
  '/opt/cinc/bin/cinc-client',
  '/opt/chef/bin/chef-solo',
  '/opt/cinc/bin/cinc-solo',
  '/usr/bin/chef-solo',
]);

/** A place that must be in the image, because it is none of the usual ones. */
export function ownBinary(path: string | null | undefined): string | undefined {
  return path && !USUAL_PLACES.has(path) ? path : undefined;
}

/** The program to run on the instance. Throws `chef.no_client`. */
export function clientBinary(settings: ChefInfraSettings, client: ConvergeInput['client']): string {
  const found =
    settings.chef_client_path ??
    ownBinary(settings.chef_binary) ??
    client?.binary ??
    settings.chef_binary ??
    undefined;
  if (found === undefined) {
    throw new GalleyError({
      code: 'chef.no_client',
      kind: 'config',
      message: 'the driver provides no Chef or Cinc client for this instance',
      hint: 'set `chef_client_path` of the provisioner to the client in the image',
    });
  }
  // The programs lie side by side: chef-client and chef-solo, cinc-client and cinc-solo.
  return settings.solo ? found.replace(/-client$/, '-solo') : found;
}
