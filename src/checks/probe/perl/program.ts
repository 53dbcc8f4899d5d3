import { perlBase } from './base.ts';
import { perlEnviron } from './environ.ts';
import { perlFiles } from './files.ts';
import { perlLogs } from './logs.ts';
import { perlPeers } from './peers.ts';
import { perlProcesses } from './processes.ts';
import { perlSockets } from './sockets.ts';
import { perlSystem } from './system.ts';
import { perlUnits } from './units.ts';

const MAIN = String.raw`
read_processes(needs('P') ? 1 : 0) if needs('P') || needs('E') || needs('S');
if (needs('S')) { read_sockets(); read_peers() if needs('XP'); read_owners(); read_v6only() }
read_environ() if needs('E');
read_files() if needs('F') || needs('FG');
read_logs() if needs('L');
read_units() if needs('U');
read_names() if needs('R');
read_globs(); read_folders(); run_commands();
read_passwords() if needs('W');
read_netlink($_->[1]) for needs('N');
put('end');
`;

/** The probe in Perl, with all sections; sections that are not asked for cost only their text. */
export function perlProgram(): string {
  return [
    perlBase,
    perlProcesses,
    perlSockets,
    perlPeers,
    perlEnviron,
    perlFiles,
    perlLogs,
    perlUnits,
    perlSystem,
    MAIN,
  ].join('');
}
