import type { Test } from 'tap';
import type { ActionContext } from '../../src/core/action-context.ts';
import type { Driver } from '../../src/core/driver.ts';
import type { Transport } from '../../src/core/transport.ts';

export interface DriverUnderTest<C, M extends object, T> {
  readonly driver: Driver<C, M>;
  readonly transport: Transport<T>;
  /** A fresh context for an instance of the given name, always of the same project and run. */
  readonly context: (instance: string) => ActionContext<C> & ActionContext<T>;
  /** Its machines do not need the snapshot that they were made from any longer. */
  readonly standsAlone?: boolean;
}

/** What the engine relies on with every driver. Makes and removes real machines. */
export async function driverContract<C, M extends object, T>(
  t: Test,
  { driver, transport, context, standsAlone }: DriverUnderTest<C, M, T>,
): Promise<void> {
  await t.test('records names before anything is made, and a partial record is not a machine', async (t) => {
    const ctx = context('contract-recorded');
    const steps: string[] = [];
    const emit: typeof ctx.emit = (event) => {
      if (event.type === 'made') steps.push('made');
    };
    const request = { needsClient: false, hostPorts: [] };
    let partial: Partial<M> = {};
    const machine = await driver.create({ ...ctx, emit }, request, async (made) => {
      partial = { ...partial, ...made };
      steps.push('recorded');
    });
    t.equal(steps[0], 'recorded');
    t.ok(steps.includes('made'));
    t.notOk(driver.machine.safeParse(partial).success, 'names alone are no machine');
    t.ok(driver.machine.safeParse(JSON.parse(JSON.stringify(machine))).success, 'the machine survives JSON');
    await driver.destroy(ctx, partial);
    t.equal(await driver.status(ctx, machine), 'gone', 'destroyed from the partial record');
  });

  await t.test('is found by its labels, reached by its transport, and gone after destroy', async (t) => {
    const ctx = context('contract-lifecycle');
    t.equal(await driver.find(ctx), undefined);
    const machine = await driver.create(ctx, { needsClient: false, hostPorts: [] }, async () => {});
    await driver.waitUntilReady(ctx, machine);
    t.equal(await driver.status(ctx, machine), 'running');
    t.same(await driver.find(ctx), machine, 'a lost record can be made up for');
    await using connection = await transport.connect(ctx, driver.endpoint(machine));
    t.match(await connection.execute(['echo', 'hello']), { exitCode: 0, stdout: 'hello\n' });
    t.match(await connection.execute(['sh', '-c', 'exit 3']), { exitCode: 3 });
    await driver.destroy(ctx, {});
    t.equal(await driver.status(ctx, machine), 'gone', 'destroyed by labels alone');
    t.equal(await driver.find(ctx), undefined);
    await driver.destroy(ctx, machine);
    t.pass('destroying again is no error');
  });

  const { snapshots } = driver;
  if (snapshots) {
    await t.test('a machine made from a snapshot has what was on the first one', async (t) => {
      const [one, other] = [context('contract-base'), context('contract-from')];
      const request = { needsClient: false, hostPorts: [] };
      t.equal(await snapshots.inputs(one, request), await snapshots.inputs(one, request));
      const base = await driver.create(one, request, async () => {});
      await driver.waitUntilReady(one, base);
      await using first = await transport.connect(one, driver.endpoint(base));
      await first.execute(['sh', '-c', 'echo kept > /kept']);
      const steps: string[] = [];
      const subject = { instance: 'contract-base', key: '0123456789abcdef' };
      const ctx = { ...one, emit: ((event) => steps.push(event.type)) satisfies typeof one.emit };
      const record = async (name: string): Promise<void> => void steps.push(name);
      const connect = () => transport.connect(one, driver.endpoint(base));
      const snapshot = await snapshots.take(ctx, base, subject, record, connect);
      t.equal(steps[0], snapshot.name, 'recorded before it was made');
      t.ok(await snapshots.exists(one, snapshot));
      t.equal(await driver.status(one, base), 'running', 'the first machine goes on');
      await driver.destroy(one, base);
      t.ok(await snapshots.exists(one, snapshot), 'and the snapshot outlives it');
      const made = await driver.create(other, { ...request, from: snapshot }, async () => {});
      await driver.waitUntilReady(other, made);
      t.same(await driver.find(other), made, 'found under its own labels, not those of the snapshot');
      await using second = await transport.connect(other, driver.endpoint(made));
      t.match(await second.execute(['cat', '/kept']), { stdout: 'kept\n' });
      if (!standsAlone) {
        await snapshots.remove(one, 'contract-base');
        t.ok(await snapshots.exists(one, snapshot), 'left as long as a machine needs it');
      }
      await driver.destroy(other, made);
      await snapshots.remove(one, 'contract-base', snapshot);
      t.ok(await snapshots.exists(one, snapshot), 'left when told so');
      await snapshots.remove(one, 'contract-base');
      t.notOk(await snapshots.exists(one, snapshot));
      await t.rejects(driver.create(other, { ...request, from: snapshot }, async () => {}));
      await driver.destroy(other, {});
    });
  }

  await t.test('destroy leaves other instances of the project alone', async (t) => {
    const [one, other] = [context('contract-one'), context('contract-other')];
    const make = (ctx: typeof one) =>
      driver.create(ctx, { needsClient: false, hostPorts: [] }, async () => {});
    const [, kept] = await Promise.all([make(one), make(other)]);
    await driver.destroy(one, {});
    t.equal(await driver.status(other, kept), 'running');
    await driver.destroy(other, kept);
  });

  await t.test('an aborted create throws', async (t) => {
    const ctx = context('contract-aborted');
    const signal = AbortSignal.abort();
    await t.rejects(driver.create({ ...ctx, signal }, { needsClient: false, hostPorts: [] }, async () => {}));
    await driver.destroy(ctx, {});
    t.equal(await driver.find(ctx), undefined);
  });
}
