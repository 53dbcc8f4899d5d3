import type { SourceLocation } from './errors.ts';
import type { Instance } from './instance.ts';
import type { ReportRequest } from './report-request.ts';
import type { ServiceSpec } from './service.ts';

export type PathSegment = string | number;

/** Merged settings of one plugin section, as plain data, with `name` taken out. */
export interface PluginSettings {
  /** Undefined when no level names a plugin. */
  readonly name: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

export type Section = 'driver' | 'provisioner' | 'verifier' | 'transport';

/** One of the `steps` of a suite on its way, such as the version before and after an upgrade. */
export interface StepConfig {
  readonly name: string;
  /** The instance as this step has it: the suite's settings and the step's own over them. */
  readonly config: InstanceConfig;
}

/** `from: SUITE`: the instance starts from what another one was after its converge. */
export interface BaseInstance {
  readonly suite: string;
  /** That suite's instance on the same platform. */
  readonly instance: string;
}

/** One instance with everything the config says of it, merged common < platform < suite. */
export interface InstanceConfig {
  readonly instance: Instance;
  readonly osType: 'unix' | 'windows';
  readonly shellType: 'bourne' | 'powershell';
  readonly driver: PluginSettings;
  readonly provisioner: PluginSettings;
  readonly verifier: PluginSettings;
  readonly transport: PluginSettings;
  /** Hook name (`pre_converge`, …) → its list, concatenated common, platform, suite. */
  readonly lifecycle: Readonly<Record<string, readonly unknown[]>>;
  /** Companion services by name. */
  readonly services: Readonly<Record<string, ServiceSpec>>;
  readonly tags: readonly string[];
  /** What Test Kitchen lets pass without a word is a warning instead of an error. */
  readonly compat?: boolean;
  /** In order; absent or empty for a suite without `steps`. */
  readonly steps?: readonly StepConfig[];
  readonly from?: BaseInstance;
  /** Names in the whole kitchen, those that an overlay took away too: what `only` of a check may mean. */
  readonly siblings?: { readonly suites: readonly string[]; readonly platforms: readonly string[] };
  /**
   * Where a merged value came from: `['provisioner', 'attributes', 'app', 'port']`. Falls back to the nearest
   * parent that has a place. Undefined for values that no file holds (defaults).
   */
  locate(path: readonly PathSegment[]): SourceLocation | undefined;
}

export interface Kitchen {
  /** Absolute path of the folder that relative paths start from. */
  readonly root: string;
  /** Name for labels: folder name + short hash of the root path, safe as a label and container name part. */
  readonly project: string;
  /** The files read, project file first. */
  readonly files: readonly string[];
  /** `kitchen: {keep_logs: N}`: how many runs keep their log folder. */
  readonly keepLogs?: number;
  /** `kitchen: {reports: […]}`: written by every run but `destroy` and `watch`. */
  readonly reports?: readonly ReportRequest[];
  /** Suite-major order, like the peer's. */
  readonly instances: readonly InstanceConfig[];
  /** Findings that do not stop a run. */
  readonly warnings: readonly { readonly message: string; readonly location?: SourceLocation }[];
}
