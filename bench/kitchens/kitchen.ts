/** What both tools run on: the peer is given the images that Galley uses by itself. */
export interface BenchParts {
  /** Platform name → image reference. */
  readonly platformImages: Readonly<Record<string, string>>;
  readonly client: { readonly repository: string; readonly tag: string; readonly product: 'chef' | 'cinc' };
}

/** A kitchen written twice, once in each tool's format; or for Galley alone. */
export interface BenchKitchen {
  readonly name: string;
  /** Folders that are copied beside kitchen.yml, relative to the repository. */
  readonly folders: readonly string[];
  readonly platforms: readonly string[];
  /** All instances' names, and the one that the single-instance cases work on. */
  readonly instances: readonly string[];
  readonly main: string;
  /** The content of kitchen.yml as plain data. */
  readonly forGalley: () => unknown;
  /** Absent when the other tool has nothing like it; there is no ratio then. */
  readonly forPeer?: (parts: BenchParts) => unknown;
}
