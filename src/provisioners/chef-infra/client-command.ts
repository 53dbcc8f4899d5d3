import { quote } from '../../core/shell-words.ts';
import { configFile, REPORT_FILE } from './client-rb.ts';
import { NODE_START_FILE, STAMP_FILE } from './sandbox-plan.ts';
import type { ChefInfraSettings } from './settings.ts';

/** Starts the line in which the script tells how the client ended. The control character keeps it out of any log. */
export const END_MARK = '\u001egalley-end ';
/** Exit code of the script when the uploaded files are not there any more. */
export const CONTENT_LOST = 96;

export interface ClientCommand {
  readonly argv: readonly string[];
  /** Paths to delete first, a line each; undefined when there are none. */
  readonly stdin: string | undefined;
}

export interface ClientCommandInput {
  readonly settings: ChefInfraSettings;
  readonly binary: string;
  readonly nodeName: string;
  /** Content of the stamp file of the wanted plan. */
  readonly stamp: string;
  readonly removed: readonly string[];
  /** Node objects that were sent, `nodes/NAME.json`. */
  readonly nodeFiles: readonly string[];
}

/**
 * One POSIX shell command for everything a converge does on the instance: check that the uploaded files are there,
 * delete what is no longer wanted, forget the old node object, empty the report, run the client (N times for
 * `multiple_converge`) and, when it failed, tell the circumstances (out of memory, disk full) in one marked line.
 */
export function clientCommand(input: ClientCommandInput): ClientCommand {
  const { settings } = input;
  const node = quote(`nodes/${input.nodeName}.json`);
  const runs = settings.enforce_idempotency
    ? Math.max(2, settings.multiple_converge)
    : settings.multiple_converge;
  const script = [
    'umask 022',
    `cd ${quote(settings.root_path)} 2>/dev/null || exit ${CONTENT_LOST}`,
    `[ "$(cat ${STAMP_FILE} 2>/dev/null)" = ${quote(input.stamp.trim())} ] || exit ${CONTENT_LOST}`,
    ...(input.removed.length > 0 ? [REMOVE] : []),
    ...(settings.fresh_node ? [forgetNodes(input.nodeFiles), startNode(node)] : []),
    `mkdir -p cache && : > ${REPORT_FILE} && chmod 600 ${REPORT_FILE}`,
    'rm -f cache/chef-stacktrace.out',
    OOM_COUNT,
    'before=$(oom)',
    'run=1',
    `while :; do ${clientLine(input)} </dev/null; code=$?; [ $code -eq 0 ] && [ $run -lt ${runs} ] || break; run=$((run + 1)); done`,
    '[ $code -eq 0 ] && exit 0',
    'free=$(df -Pk . 2>/dev/null | { read -r _; read -r _ _ _ kb _; echo "$kb"; })',
    `printf '\\036galley-end {"exit":%d,"run":%d,"oomKills":%d,"freeKb":%d}\\n' "$code" "$run" "$(( $(oom) - before ))" "\${free:--1}"`,
    'exit $code',
  ].join('\n');
  const stdin = input.removed.length > 0 ? `${input.removed.join('\n')}\n` : undefined;
  return { argv: ['/bin/sh', '-c', script], stdin };
}

const REMOVE = `while IFS= read -r file; do
  rm -f -- "$file"
  case $file in */*) rmdir -p -- "\${file%/*}" 2>/dev/null ;; esac
done`;

/** Processes killed for lack of memory so far, of cgroup v2 or v1; 0 when it cannot be told. */
const OOM_COUNT = `oom() {
  count=0
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r $file ] || continue
    while read -r key value; do [ "$key" = oom_kill ] && count=$value; done < $file
  done
  echo $count
}`;

/** Of this machine, and of the one that it was made from under another name: nothing that was not sent stays. */
function forgetNodes(sent: readonly string[]): string {
  const keep = sent.length === 0 ? '' : `${sent.map(quote).join('|')}) ;; `;
  return `for file in nodes/*.json; do case $file in ${keep}*) rm -f "$file" ;; esac; done`;
}

function startNode(node: string): string {
  return `[ ! -f ${NODE_START_FILE} ] || { mkdir -p nodes && cp ${NODE_START_FILE} ${node}; }`;
}

/** The client's command line; `command_prefix` and `chef_options` are shell text, as in Test Kitchen and dokken. */
function clientLine({ settings, binary }: ClientCommandInput): string {
  const root = settings.root_path;
  const level = settings.log_level ?? settings.chef_log_level ?? 'auto';
  const slow = settings.slow_resource_report;
  const words = [
    ...(settings.command_prefix ? [settings.command_prefix] : []),
    quote(binary),
    // Solo is in local mode by itself, and does not know the option.
    ...(settings.solo ? [] : ['--local-mode']),
    '--config',
    quote(`${root}/${configFile(settings)}`),
    '--log_level',
    quote(level),
    '--force-formatter',
    '--no-color',
    ...(settings.chef_output_format ? ['--format', quote(settings.chef_output_format)] : []),
    ...(settings.json_attributes ? ['--json-attributes', quote(`${root}/dna.json`)] : []),
    ...(settings.log_file ? ['--logfile', quote(settings.log_file)] : []),
    ...(settings.chef_zero_host ? ['--chef-zero-host', quote(settings.chef_zero_host)] : []),
    ...(settings.chef_zero_port ? ['--chef-zero-port', String(settings.chef_zero_port)] : []),
    ...(settings.profile_ruby ? ['--profile-ruby'] : []),
    ...(slow ? ['--slow-report', ...(typeof slow === 'number' ? [String(slow)] : [])] : []),
    ...(settings.solo?.legacy ? ['--legacy-mode'] : []),
    ...(settings.chef_options ? [settings.chef_options.trim()] : []),
  ];
  return words.join(' ');
}
