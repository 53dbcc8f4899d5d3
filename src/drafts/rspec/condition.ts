import type { Ast } from '../../config/erb/ast.ts';
import { quote } from '../../core/shell-words.ts';
import { asText, Unfit } from '../values.ts';
import { type Evaluator, type Scope, valueOf } from './value.ts';

const FAMILIES: Readonly<Record<string, string>> = {
  debian: 'test -e /etc/debian_version',
  redhat: 'test -e /etc/redhat-release',
  fedora: 'test -e /etc/fedora-release',
  alpine: 'test -e /etc/alpine-release',
  suse: 'test -e /etc/SuSE-release || grep -q suse /etc/os-release',
  linux: 'true',
  unix: 'true',
};

/** A shell command that is true where the condition is. Throws `Unfit` for what only a run of InSpec can tell. */
export function conditionCommand(ast: Ast, scope: Scope, on: Evaluator): string {
  switch (ast.t) {
    case 'true':
    case 'false':
      return ast.t;
    case 'not':
      return `! { ${conditionCommand(ast.value, scope, on)}; }`;
    case 'and':
    case 'or': {
      const [left, right] = [ast.left, ast.right].map((one) => conditionCommand(one, scope, on));
      return `{ ${left}; } ${ast.t === 'and' ? '&&' : '||'} { ${right}; }`;
    }
    case 'seq':
      if (ast.body.length === 1 && ast.body[0]) return conditionCommand(ast.body[0], scope, on);
      break;
    case 'call':
      return callCommand(ast, scope, on);
    default:
      break;
  }
  throw new Unfit('the condition is known only when it is run');
}

function callCommand(ast: Extract<Ast, { t: 'call' }>, scope: Scope, on: Evaluator): string {
  const { receiver, name, args, bare } = ast;
  if (bare && typeof scope.get(name) === 'boolean') return String(scope.get(name));
  if (name === '!' && receiver) return `! { ${conditionCommand(receiver, scope, on)}; }`;
  if (name === '!=' && receiver && args[0]) return `! { ${compared(receiver, args[0], scope, on)}; }`;
  if (name === '==' && receiver && args[0]) return compared(receiver, args[0], scope, on);
  if (receiver?.t !== 'call' || receiver.receiver !== undefined)
    throw new Unfit('the condition is known only when it is run');
  if (receiver.name === 'os') {
    const family = FAMILIES[name.replace(/\?$/, '')];
    if (family !== undefined && name.endsWith('?')) return family;
  }
  const [argument] = receiver.args;
  const plain = argument === undefined ? '' : asText(valueOf(argument, scope, on));
  const of = quote(plain);
  const found: Readonly<Record<string, string>> = {
    'command.exist?': `command -v ${of} >/dev/null`,
    'file.exist?': `test -e ${of}`,
    'file.file?': `test -f ${of}`,
    'file.directory?': `test -d ${of}`,
    'directory.exist?': `test -d ${of}`,
    'mount.mounted?': `grep -q -F ${quote(` ${plain} `)} /proc/mounts`,
    'service.enabled?': `systemctl is-enabled -q ${of}`,
    'service.running?': `systemctl is-active -q ${of}`,
    'user.exists?': `getent passwd ${of} >/dev/null`,
    'user.exist?': `getent passwd ${of} >/dev/null`,
    'group.exists?': `getent group ${of} >/dev/null`,
    'group.exist?': `getent group ${of} >/dev/null`,
  };
  const command = found[`${receiver.name}.${name}`];
  if (command === undefined || plain === '') throw new Unfit('the condition is known only when it is run');
  return command;
}

/** `os.family == 'debian'`, `os[:family] == 'redhat'`, `os.name == 'ubuntu'` */
function compared(left: Ast, right: Ast, scope: Scope, on: Evaluator): string {
  const value = asText(valueOf(right, scope, on));
  if (
    left.t === 'call' &&
    left.name === 'value' &&
    left.receiver?.t === 'call' &&
    left.receiver.name === 'kernel_parameter' &&
    left.receiver.args[0]
  ) {
    const path = asText(valueOf(left.receiver.args[0], scope, on)).replaceAll('.', '/');
    return `test "$(cat ${quote(`/proc/sys/${path}`)})" = ${quote(value)}`;
  }
  const isOs = left.t === 'call' && left.receiver?.t === 'call' && left.receiver.name === 'os';
  if (!isOs) throw new Unfit('the condition is known only when it is run');
  const fact = left.name === '[]' && left.args[0] ? String(valueOf(left.args[0], scope, on)) : left.name;
  const family = FAMILIES[value];
  if (fact === 'family' && family !== undefined) return family;
  if (fact === 'name') return `grep -Eq ${quote(`^ID="?${value}"?$`)} /etc/os-release`;
  throw new Unfit('the condition is known only when it is run');
}
