/** Test Kitchen's name of an instance (lib/kitchen/instance.rb `name_for`). */
export function instanceName(suite: string, platform: string): string {
  return `${suite}-${platform}`.replaceAll(/[_,/]/g, '-').replaceAll('.', '');
}
