import { FORBIDDEN } from './kitchens/checks.ts';
import type { CommandResult } from './run-command.ts';
import { tail } from './run-command.ts';
import type { Room } from './tools/tool.ts';

function failed(room: Room, what: string, output?: string): Error {
  return new Error(`${room.tool.title}: ${what}${output === undefined ? '' : `\n${tail(output)}`}`);
}

/** The main instance's container runs and no other one exists. */
export async function onlyMainRuns(_result: CommandResult, room: Room): Promise<void> {
  const found = await room.tool.containers(room.folder);
  const [only] = found;
  if (found.length === 1 && only?.name === room.kitchen.main && only.isRunning) return;
  throw failed(
    room,
    `expected one running container for ${room.kitchen.main}, found ${JSON.stringify(found)}`,
  );
}

/** nginx, installed and started by the cookbook, answers with the cookbook's page. */
export async function nginxAnswers(_result: CommandResult, room: Room): Promise<void> {
  const answer = await room.inside(['curl', '-fsS', 'http://localhost/']);
  const unit = await room.inside(['systemctl', 'is-enabled', 'nginx']);
  if (answer.stdout === 'hello\n' && unit.stdout.trim() === 'enabled') return;
  throw failed(
    room,
    `nginx was not converged: answered ${JSON.stringify(answer.stdout)}, unit ${unit.stdout.trim()}`,
  );
}

/** The client was run and found nothing to do. */
export async function nothingChanged(result: CommandResult, room: Room): Promise<void> {
  await nginxAnswers(result, room);
  if (!room.tool.saysNothingChanged(result.output)) {
    throw failed(room, 'the output does not say that nothing was to do', result.output);
  }
}

/** A check that cannot fail would be quick: with nginx stopped, verify must fail. */
export async function verifyCanFail(room: Room): Promise<void> {
  await room.inside(['systemctl', 'stop', 'nginx']);
  const result = await room.tryRun(['verify', room.kitchen.main]);
  if (result.exitCode === 0) throw failed(room, 'verify passed although nginx was stopped', result.output);
  await room.inside(['systemctl', 'start', 'nginx']);
  await room.run(['verify', room.kitchen.main]);
}

/** No container of the kitchen is left. */
export async function nothingLeft(_result: CommandResult, room: Room): Promise<void> {
  const found = await room.tool.containers(room.folder);
  if (found.length > 0) throw failed(room, `containers are left: ${found.map((one) => one.name).join(', ')}`);
}

/** Every one of the instances is spoken of. */
export function namesAll(instances: readonly string[]) {
  return async (result: CommandResult, room: Room): Promise<void> => {
    const missing = instances.filter((name) => !result.output.includes(name));
    if (missing.length > 0) throw failed(room, `no word of ${missing.join(', ')}`, result.output);
  };
}

/** A whole test: each instance was converged and verified by the tool's own words, nothing is left. */
export function testedAndGone(instances: readonly string[]) {
  return async (result: CommandResult, room: Room): Promise<void> => {
    const missing = instances.filter((name) => !room.tool.saysTested(result.output, name));
    if (missing.length > 0)
      throw failed(room, `not converged and verified: ${missing.join(', ')}`, result.output);
    await nothingLeft(result, room);
  };
}

/** So many checks were looked at, and all passed. */
export function passed(count: number) {
  return async (result: CommandResult, room: Room): Promise<void> => {
    if (!new RegExp(`\\b${count} passed +passed`).test(result.output))
      throw failed(room, `not ${count} checks passed`, result.output);
  };
}

/** With the file that must not be there, verify fails. */
export async function verifyFindsTheForbidden(room: Room): Promise<void> {
  await room.inside(['touch', FORBIDDEN]);
  const result = await room.tryRun(['verify', room.kitchen.main]);
  await room.inside(['rm', FORBIDDEN]);
  if (result.exitCode !== 5) throw failed(room, 'verify passed with the forbidden file', result.output);
}
