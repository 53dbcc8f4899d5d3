import type { RubyProc, Value } from './values.ts';

/** What a template may look at. */
export interface World {
  /** Absolute path of the file that holds the template. */
  readonly file: string;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** A copy: templates may assign to ENV. */
  readonly env: Record<string, string | undefined>;
  /** Renders a template within the template (`ERB.new(…).result`). */
  readonly render: (template: string, trim: boolean) => string;
}

export type Method<T extends Value> = (
  self: T,
  args: readonly Value[],
  block: RubyProc | undefined,
  world: World,
) => Value;

export type Methods<T extends Value> = Readonly<Record<string, Method<T>>>;
