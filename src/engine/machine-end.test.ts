import tap from 'tap';
import { GalleyError } from '../core/errors.ts';
import type { InstanceRun } from './instance-run.ts';
import { assertReached, causeOf, unlessEnded } from './machine-end.ts';

const PACE = { askMs: 1, besidesMs: 1, endsMs: 20_000 };
const infrastructure = (code: string): GalleyError =>
  new GalleyError({ code, kind: 'infrastructure', message: code });
const [lost, refused, ended] = ['ssh.lost', 'ssh.refused', 'ec2.ended_by_other'].map(infrastructure) as [
  GalleyError,
  GalleyError,
  GalleyError,
];

/** A machine whose driver tells its end at the `tellsAt`-th question, never without it. */
function machine(given: {
  readonly tellsAt?: number;
  readonly answers: () => Promise<unknown>;
  readonly hasEnding?: boolean;
}) {
  let asked = 0;
  const one = {
    run: { signal: new AbortController().signal },
    resolved: { driver: given.hasEnding === false ? {} : { ending: true } },
    connect: async () => ({ execute: given.answers }),
    assertAlive: async () => undefined,
    ending: async () => {
      asked += 1;
      return asked === given.tellsAt ? ended : undefined;
    },
  };
  return { one: one as unknown as InstanceRun, asked: () => asked };
}

const never = () => new Promise<never>(() => undefined);
const refuses = async () => Promise.reject(refused);
const works = async () => ({ exitCode: 0 });

await tap.test('a connection that was lost: the end that is told later, or the loss itself', async (t) => {
  for (const answers of [never, refuses])
    t.equal(await causeOf(machine({ tellsAt: 3, answers }).one, lost, PACE), ended, 'it ended');
  t.equal(await causeOf(machine({ answers: works }).one, lost, PACE), lost, 'it answers again');
  t.equal(await causeOf(machine({ answers: never }).one, lost, { ...PACE, endsMs: 5 }), lost, 'nobody knows');
  const full = infrastructure('transport.disk_full');
  const other = machine({ answers: never });
  t.equal(await causeOf(other.one, full, PACE), full);
  t.equal(other.asked(), 1, 'what has nothing to do with the connection is not waited for');
  const failed = new GalleyError({ code: 'converge.failed', kind: 'converge', message: 'x' });
  t.equal(await causeOf(machine({ tellsAt: 1, answers: works }).one, failed, PACE), failed);
  t.equal(await causeOf(machine({ answers: never, hasEnding: false }).one, lost, PACE), lost);
});

await tap.test('after a check that could not look, a machine that is away is infrastructure', async (t) => {
  await t.rejects(assertReached(machine({ answers: refuses }).one, PACE), refused);
  await t.rejects(assertReached(machine({ answers: refuses, hasEnding: false }).one, PACE), refused);
  await t.rejects(assertReached(machine({ tellsAt: 2, answers: never }).one, PACE), ended);
  await assertReached(machine({ answers: works }).one, PACE);
  await assertReached(machine({ answers: async () => Promise.reject(new Error('odd')) }).one, PACE);
});

await tap.test('work on a machine that ends meanwhile is over', async (t) => {
  await t.rejects(unlessEnded(machine({ tellsAt: 4, answers: never }).one, never(), PACE), ended);
  t.equal(await unlessEnded(machine({ answers: never }).one, Promise.resolve(7), PACE), 7);
  await t.rejects(unlessEnded(machine({ answers: never }).one, Promise.reject(refused), PACE), refused);
});
