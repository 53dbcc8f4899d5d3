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
};

function shown(command: string | readonly string[]): string {
  const text = typeof command === 'string' ? command : command.join(' ');
  const [line = ''] = text.split('\n');
  return line.length > 60 || line !== text ? `${line.slice(0, 60)}…` : line;
}
