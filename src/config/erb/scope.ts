import type { Value } from './values.ts';

/** Local variables; a block sees those around it. */
export class Scope {
  readonly values = new Map<string, Value>();
  readonly parent: Scope | undefined;
  constructor(parent?: Scope) {
    this.parent = parent;
  }
  find(name: string): Scope | undefined {
    if (this.values.has(name)) return this;
    return this.parent?.find(name);
  }
  assign(name: string, value: Value): void {
    (this.find(name) ?? this).values.set(name, value);
  }
}

/** `next`, `break` and `return` on their way out. */
export class Jump extends Error {
  readonly kind: 'next' | 'break' | 'return';
  readonly value: Value;
  constructor(kind: 'next' | 'break' | 'return', value: Value) {
    super(kind);
    this.kind = kind;
    this.value = value;
  }
}
