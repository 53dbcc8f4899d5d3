import { spawn } from 'node:child_process';
import { GalleyError } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';
import { created } from '../created.ts';
import { instanceNeeded } from '../instance-needed.ts';
import { readExisting } from '../read-existing.ts';
import { filterOptions, nothingLeft, type Selection, select } from '../selection.ts';

interface LoginArgs extends Selection {
  readonly instance?: string | undefined;
}

export const login = defineCommand<LoginArgs>({
  command: 'login [instance]',
  describe: 'open a shell on an instance',
  options: (yargs) =>
    filterOptions(yargs).positional('instance', {
      type: 'string',
      describe: 'instance name or regular expression; needed when there are several',
    }) as never,
  run: async (args, host) => {
    const { kitchen } = await readExisting(host, args);
    const named = args.instance === undefined ? [] : [args.instance];
    const all = await select(kitchen, { ...args, instances: named }, host);
    const left = named.length > 0 ? all : await created(kitchen, all);
    const [chosen, ...others] = left;
    if (args.instance === undefined && others.length > 0) throw instanceNeeded('login', left);
    if (!chosen) {
      host.stderr.write(`${nothingLeft(args, left) ?? ''}\n`);
      return 0;
    }
    if (others.length > 0) {
      throw new GalleyError({
        code: 'usage.several_instances',
        kind: 'usage',
        message: `'${args.instance}' matches several instances; login needs one`,
        got: left.map((one) => one.instance.name).join(', '),
        hint: 'give a whole name',
      });
    }
    const { openInstance } = await import('../open-instance.ts');
    await using connection = await openInstance(kitchen, chosen, host, { withServices: true });
    if (connection.shell) {
      const { stdin: input, stdout: output, stderr: error } = process;
      return await connection.shell({ input, output, error, term: host.env['TERM'] });
    }
    const [program = 'sh', ...rest] = connection.loginCommand({ tty: process.stdin.isTTY });
    const child = spawn(program, rest, { stdio: 'inherit' });
    return new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status) => resolve(status ?? 1));
    });
  },
});
