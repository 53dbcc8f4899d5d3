export interface MatcherProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly input: unknown;
  /** Keys that would have been right, when the last of `path` is an unknown one. */
  readonly known?: readonly string[];
}

/** Where in a value the parser is; collects what is wrong there. */
export class Place {
  readonly path: readonly (string | number)[];
  readonly #problems: MatcherProblem[];

  constructor(path: readonly (string | number)[], problems: MatcherProblem[]) {
    this.path = path;
    this.#problems = problems;
  }

  at(key: string | number): Place {
    return new Place([...this.path, key], this.#problems);
  }

  /** Records a problem. Returns undefined, so that a parser can `return place.refuse(…)`. */
  refuse(message: string, input: unknown, known?: readonly string[]): undefined {
    this.#problems.push({ path: this.path, message, input, ...(known && { known }) });
  }
}
