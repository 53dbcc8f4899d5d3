import type { Verifier } from '../../src/core/verifier.ts';
import { judgeCommand } from './judge.ts';
import { type CommandFacts, observeCommand } from './observe.ts';
import { type CommandSpec, commandSpec } from './schema.ts';

export const commandVerifier: Verifier<CommandSpec, CommandFacts> = {
  name: 'command',
  description: 'a command on the instance: exit status, output, duration',
  spec: commandSpec,
  repeatable: true,
  alone: true,
  title: (spec) => `command ${shown(spec.command)}`,
  needs: () => ({}),
  observe: observeCommand,
  judge: judgeCommand,
  refuseRepeat: (spec, { connection, token, workers }) => {
    if (workers !== undefined)
      return { key: 'workers', message: 'a command has no workers', hint: 'remove it' };
    if (connection) return { key: 'connection', message: 'a command has no connection', hint: 'remove it' };
    const sent = JSON.stringify([spec.command, spec.env, spec.stdin]);
    if (!token || /\$\{(token|number)\}/.test(sent)) return undefined;
    return { key: 'token', message: 'the command carries no ${token}', hint: 'e.g. command: ask ${token}' };
  },
};

function shown(command: string | readonly string[]): string {
  const text = typeof command === 'string' ? command : command.join(' ');
  const [line = ''] = text.split('\n');
  return line.length > 60 || line !== text ? `${line.slice(0, 60)}…` : line;
}
