import tap from 'tap';
import { createDockerTransport } from '../../src/transports/docker/index.ts';
import { testContext } from '../../test/contract/context.ts';
import { driverContract } from '../../test/contract/driver.contract.ts';
import { host } from '../../test/host.ts';
import { createDockerDriver } from './index.ts';

/** Not that of an earlier run: what one that broke has left is looked for by this name. */
const project = `galley-test-docker-${process.pid}`;
const driver = createDockerDriver(host);
const transport = createDockerTransport(host);

await tap.test('keeps the contract of drivers, without an init system', async (t) => {
  const config = driver.config.parse({ image: 'galley/debian-12', init: 'none' });
  await driverContract(t, {
    driver,
    transport,
    context: (instance) => testContext(config, { project, instance }) as never,
  });
});
