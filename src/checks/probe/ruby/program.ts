import { rubyBase } from './base.ts';
import { rubyEnviron } from './environ.ts';
import { rubyFiles } from './files.ts';
import { rubyLogs } from './logs.ts';
import { rubyPeers } from './peers.ts';
import { rubyProcesses } from './processes.ts';
import { rubySockets } from './sockets.ts';
import { rubySystem } from './system.ts';

const MAIN = String.raw`
def ask?(kind) !needs(kind).empty? end
read_processes(ask?('P')) if ask?('P') || ask?('E') || ask?('S')
if ask?('S')
  read_sockets
  read_peers if ask?('XP')
  read_owners
  read_v6only
end
read_environ if ask?('E')
read_files if ask?('F') || ask?('FG')
read_logs if ask?('L')
read_units if ask?('U')
read_names if ask?('R')
read_globs
read_folders
run_commands
read_passwords if ask?('W')
needs('N').each { |n| read_netlink(n[1].to_i) }
put('end')
`;

/** The probe in Ruby, with all sections. */
export function rubyProgram(): string {
  return [
    rubyBase,
    rubyProcesses,
    rubySockets,
    rubyPeers,
    rubyEnviron,
    rubyFiles,
    rubyLogs,
    rubySystem,
    MAIN,
  ].join('');
}
