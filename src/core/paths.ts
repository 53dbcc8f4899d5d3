import { isAbsolute, relative, resolve, sep } from 'node:path';

/** With slashes, as paths are written in kitchen.yml and sent to machines. */
export function slashed(path: string): string {
  return path.split(sep).join('/');
}

/** Whether a file lies in a folder, at any depth. */
export function isBelow(file: string, folder: string): boolean {
  return file.startsWith(`${folder}${sep}`);
}

/** Whether a normalised path leads out of the folder that it starts in: it begins with `..`, or is absolute. */
export function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith('../') || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/** A path as people write it who are in `root`: from there when it lies in it, else as it was given. */
export function pathFrom(root: string, path: string): string {
  const inside = relative(root, resolve(root, path));
  return leadsOut(inside) ? path : inside;
}
