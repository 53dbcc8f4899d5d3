/** Something of Ruby that is not evaluated here: real Ruby may be asked instead. */
export class Unsupported extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'Unsupported';
    this.at = at;
  }
}

/** What Ruby itself would raise, e.g. `KeyError: key not found: "X"`. */
export class RubyFailure extends Error {
  readonly kind: string;
  at: number;
  constructor(kind: string, message: string, at = -1) {
    super(message);
    this.name = 'RubyFailure';
    this.kind = kind;
    this.at = at;
  }
}
