import { createDockerDriver } from '../drivers/docker/index.ts';
import { createEc2Driver } from '../drivers/ec2/index.ts';
import { createProxyDriver } from '../drivers/proxy/index.ts';
import { addrVerifier } from '../verifiers/addr/index.ts';
import { createBusserSuite } from '../verifiers/busser/index.ts';
import { certVerifier } from '../verifiers/cert/index.ts';
import { commandVerifier } from '../verifiers/command/index.ts';
import { connectionsVerifier } from '../verifiers/connections/index.ts';
import { cronVerifier } from '../verifiers/cron/index.ts';
import { dnsVerifier } from '../verifiers/dns/index.ts';
import { dummySuite } from '../verifiers/dummy/index.ts';
import { envVerifier } from '../verifiers/env/index.ts';
import { fileVerifier } from '../verifiers/file/index.ts';
import { createGossSuite } from '../verifiers/goss/index.ts';
import { groupVerifier } from '../verifiers/group/index.ts';
import { httpVerifier } from '../verifiers/http/index.ts';
import { idempotentVerifier } from '../verifiers/idempotent/index.ts';
import { imageVerifier } from '../verifiers/image/index.ts';
import { createInspecSuite } from '../verifiers/inspec/index.ts';
import { interfaceVerifier } from '../verifiers/interface/index.ts';
import { logVerifier } from '../verifiers/log/index.ts';
import { mountVerifier } from '../verifiers/mount/index.ts';
import { packageVerifier } from '../verifiers/package/index.ts';
import { portVerifier } from '../verifiers/port/index.ts';
import { processVerifier } from '../verifiers/process/index.ts';
import { redisVerifier } from '../verifiers/redis/index.ts';
import { routeVerifier } from '../verifiers/route/index.ts';
import { serviceVerifier } from '../verifiers/service/index.ts';
import { createShellSuite } from '../verifiers/shell/index.ts';
import { sqlVerifier } from '../verifiers/sql/index.ts';
import { sysctlVerifier } from '../verifiers/sysctl/index.ts';
import { createTestinfraSuite } from '../verifiers/testinfra/index.ts';
import { userVerifier } from '../verifiers/user/index.ts';
import type { Driver } from './core/driver.ts';
import type { PluginHost } from './core/plugin-host.ts';
import type { Provisioner } from './core/provisioner.ts';
import type { TestSuite } from './core/test-suite.ts';
import type { Transport } from './core/transport.ts';
import type { Verifier } from './core/verifier.ts';
import type { Plugins } from './plan/plugins.ts';
import { createChefInfra } from './provisioners/chef-infra/index.ts';
import { createChefSolo } from './provisioners/chef-infra/solo.ts';
import { dummyProvisioner } from './provisioners/dummy/index.ts';
import { createShell } from './provisioners/shell/index.ts';
import { createServices } from './services/index.ts';
import { createDockerTransport } from './transports/docker/index.ts';
import { createSshTransport } from './transports/ssh/index.ts';
import { createSsmTransport } from './transports/ssm/index.ts';

const VERIFIERS: readonly Verifier[] = [
  addrVerifier,
  certVerifier,
  commandVerifier,
  connectionsVerifier,
  cronVerifier,
  dnsVerifier,
  envVerifier,
  fileVerifier,
  groupVerifier,
  httpVerifier,
  idempotentVerifier,
  imageVerifier,
  interfaceVerifier,
  logVerifier,
  mountVerifier,
  packageVerifier,
  portVerifier,
  processVerifier,
  redisVerifier,
  routeVerifier,
  serviceVerifier,
  sqlVerifier,
  sysctlVerifier,
  userVerifier,
];

/** The only place that names concrete plugins. Adding one is a folder and a line here. */
export function createPlugins(host: PluginHost): Plugins {
  return {
    drivers: [createDockerDriver(host), createEc2Driver(host), createProxyDriver(host)] as readonly Driver[],
    transports: [
      createDockerTransport(host),
      createSshTransport(host),
      createSsmTransport(host),
    ] as readonly Transport[],
    provisioners: [
      createChefInfra(host),
      createChefSolo(host),
      createShell(host),
      dummyProvisioner,
    ] as readonly Provisioner[],
    verifiers: new Map(VERIFIERS.map((v) => [v.name, v])),
    suites: [
      createBusserSuite(host),
      dummySuite,
      createGossSuite(host),
      createInspecSuite(host),
      createShellSuite(host),
      createTestinfraSuite(host),
    ] as readonly TestSuite[],
    services: createServices(host),
  };
}
