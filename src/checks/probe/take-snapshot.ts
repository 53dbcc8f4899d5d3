import type { ClientInstall } from '../../core/client-install.ts';
import { GalleyError } from '../../core/errors.ts';
import type { Snapshot, SnapshotNeeds, SnapshotSection } from '../../core/snapshot.ts';
import type { CommandResult, Connection } from '../../core/transport.ts';
import { LAUNCHER, NO_INTERPRETER } from './launcher.ts';
import { type ParsedProbe, parseSnapshot } from './parse-snapshot.ts';
import { perlProgram } from './perl/program.ts';
import { needsInspection, requestOf } from './request.ts';
import { rubyProgram } from './ruby/program.ts';
import { networkPart } from './system/plan.ts';

export interface SnapshotOptions {
  /** Its Ruby runs the probe where there is no perl. */
  readonly client?: ClientInstall | undefined;
  readonly signal?: AbortSignal | undefined;
}

const LIMIT_MS = 60_000;

/**
 * Looks once at an instance: one command, which needs nothing there but perl or a Ruby, reads what `needs` names.
 * The right to look into other users' processes is asked for only when the needs depend on it; when it cannot be
 * had, the plain look is taken and each fact says what could not be read. A second command runs only for what a
 * sidecar with another network cannot answer.
 * Throws `check.probe_unavailable` or `check.probe_failed` when nothing could be looked at, and what `execute` throws.
 */
export async function takeSnapshot(
  connection: Connection,
  needs: SnapshotNeeds,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  if (!needsInspection(needs)) return (await look(connection, needs, options, false)).snapshot;
  const first = await inspect(connection, needs, options);
  if (!first.otherNetwork) return first.snapshot;
  const { resolve = [] } = needs;
  const network = networkPart(needs);
  const own = { sockets: needs.sockets === true, resolve, ...network };
  const rest = await look(connection, own, options, false);
  return joined(first.snapshot, rest.snapshot);
}

async function inspect(
  connection: Connection,
  needs: SnapshotNeeds,
  options: SnapshotOptions,
): Promise<ParsedProbe> {
  try {
    return await look(connection, needs, options, true);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const plain = await look(connection, needs, options, false);
    const why = error instanceof Error ? error.message : String(error);
    const via = `${plain.snapshot.via}, without the right to inspect processes: ${why}`;
    return { ...plain, snapshot: { ...plain.snapshot, via } };
  }
}

async function look(
  connection: Connection,
  needs: SnapshotNeeds,
  options: SnapshotOptions,
  inspectProcesses: boolean,
): Promise<ParsedProbe> {
  const programs = [perlProgram(), rubyProgram(), requestOf(needs), options.client?.ruby ?? ''];
  const result = await connection.execute(['/bin/sh', '-c', LAUNCHER, 'galley-probe', ...programs], {
    timeoutMs: LIMIT_MS,
    ...(inspectProcesses && { inspectProcesses }),
    ...(options.signal && { signal: options.signal }),
  });
  if (result.exitCode === NO_INTERPRETER) throw noInterpreter(result);
  if (result.exitCode !== 0) throw failed(result, `exit code ${result.exitCode}`);
  try {
    return parseSnapshot(result.stdout, result.via);
  } catch (error) {
    throw failed(result, error instanceof Error ? error.message : String(error), error);
  }
}

/** Facts of the other network are replaced by those of the instance's own; owners are known to the inspecting look. */
function joined(inspected: Snapshot, own: Snapshot): Snapshot {
  const known = new Map(inspected.sockets.map((socket) => [socket.inode, socket]));
  const v6only = new Map(own.sockets.map((socket) => [socket.inode, socket.v6only]));
  const backlogs = new Map(own.sockets.map((socket) => [socket.inode, socket.backlog]));
  const sockets = [...known.values()].map((socket) => {
    const only = v6only.get(socket.inode);
    const backlog = backlogs.get(socket.inode);
    return {
      ...socket,
      ...(only !== undefined && { v6only: only }),
      ...(backlog !== undefined && { backlog }),
    };
  });
  const { addresses, sysctls, interfaces, routes, errors } = own;
  return {
    ...inspected,
    sockets,
    ...(addresses && { addresses }),
    ...(sysctls && { sysctls }),
    ...(interfaces && { interfaces }),
    ...(routes && { routes }),
    errors: { ...inspected.errors, ...only(errors, 'addresses'), ...only(errors, 'network') },
  };
}

function only(errors: Snapshot['errors'], section: SnapshotSection): Snapshot['errors'] {
  const text = errors[section];
  return text === undefined ? {} : { [section]: text };
}

function noInterpreter(result: CommandResult): GalleyError {
  return new GalleyError({
    code: 'check.probe_unavailable',
    kind: 'verify',
    message: `could not look into the instance: ${result.stderr.trim()}`,
    hint: 'install perl-base in the image, or use a provisioner with a Chef or Cinc client',
  });
}

function failed(result: CommandResult, why: string, cause?: unknown): GalleyError {
  return new GalleyError({
    code: 'check.probe_failed',
    kind: 'verify',
    message: `could not look into the instance (${result.via}): ${why}`,
    details: result.stderr.split('\n').filter(Boolean).slice(-5),
    hint: 'galley login shows whether the instance still takes commands',
    ...(cause !== undefined && { cause }),
  });
}
