import type { UploadManifest } from '../../core/provisioner.ts';
import type { PlannedFile } from '../../local/planned-file.ts';

export interface Delta {
  /** To be sent, in the plan's order. */
  readonly changed: readonly PlannedFile[];
  /** On the instance, but no longer wanted. */
  readonly removed: readonly string[];
}

/** Hash of a file that may be there with any content: an interrupted transfer, or one that waits for removal. */
const UNTRUSTED = '';

export function planDelta(plan: readonly PlannedFile[], uploaded: UploadManifest): Delta {
  const wanted = new Set(plan.map((file) => file.path));
  return {
    changed: plan.filter((file) => uploaded[file.path] !== manifestHash(file)),
    removed: Object.keys(uploaded)
      .filter((path) => !wanted.has(path))
      .toSorted(),
  };
}

/**
 * What may be said while the transfer runs. Files that are being sent stay in it without a hash: if it is
 * interrupted and they are then deleted locally, they must still be removed from the instance.
 */
export function manifestBefore(delta: Delta, uploaded: UploadManifest): UploadManifest {
  return { ...uploaded, ...Object.fromEntries(delta.changed.map((file) => [file.path, UNTRUSTED])) };
}

/** After the transfer; removed files stay in it until the client's run has deleted them. */
export function manifestAfter(plan: readonly PlannedFile[], removed: readonly string[]): UploadManifest {
  return {
    ...Object.fromEntries(removed.map((path) => [path, UNTRUSTED])),
    ...Object.fromEntries(plan.map((file) => [file.path, manifestHash(file)])),
  };
}

/** A changed mode is a change too. */
function manifestHash(file: PlannedFile): string {
  return `${file.sha256}:${file.mode.toString(8)}`;
}
