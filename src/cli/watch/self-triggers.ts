/** So many runs in a row with the same reason, saved while the run before went on, are hardly the user's doing. */
const SUSPICIOUS = 3;

/** Notices when runs cause each other: what one writes into the kitchen's folder is the next one's reason. */
export class SelfTriggers {
  #last = '';
  #count = 0;

  /**
   * To be told of the files of each run, and whether they were saved while the run before it went on. Gives a warning
   * when the suspicion arises, once.
   */
  warning(files: readonly string[], duringRun: boolean): string | undefined {
    const key = files.toSorted().join('\n');
    this.#count = duringRun && key === this.#last ? this.#count + 1 : duringRun ? 1 : 0;
    this.#last = key;
    if (this.#count !== SUSPICIOUS) return undefined;
    return `saved during each of the last ${SUSPICIOUS} runs: ${files.join(', ')}; if it is the run that writes it, put it into .gitignore or chefignore`;
  }
}
