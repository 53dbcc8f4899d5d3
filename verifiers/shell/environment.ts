import type { Instance } from '../../src/core/instance.ts';
import type { SuiteInput } from '../../src/core/test-suite.ts';

/**
 * Variables that Test Kitchen's shell verifier gives its command (`lib/kitchen/verifier/shell.rb`): the instance, and
 * `KITCHEN_<KEY>` for each key of the driver's state. Ours has other keys; `KITCHEN_HOSTNAME` and `KITCHEN_CONTAINER_ID`
 * are told where they are known, nested values are left out.
 */
export function kitchenEnvironment(
  instance: Instance,
  input: Pick<SuiteInput, 'machine' | 'endpoint'>,
): Record<string, string> {
  const state: Record<string, string> = {};
  for (const [key, value] of Object.entries(input.machine)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      state[`KITCHEN_${snake(key)}`] = String(value);
    }
  }
  return {
    ...state,
    ...reach(input.endpoint),
    KITCHEN_INSTANCE: instance.name,
    KITCHEN_SUITE: instance.suite,
    KITCHEN_PLATFORM: instance.platform,
    TEST_KITCHEN: '1',
  };
}

function reach(endpoint: SuiteInput['endpoint']): Record<string, string> {
  switch (endpoint.kind) {
    case 'docker':
      return { KITCHEN_CONTAINER_ID: endpoint.containerId, KITCHEN_HOSTNAME: 'localhost' };
    case 'ssh':
      return {
        KITCHEN_HOSTNAME: endpoint.host,
        KITCHEN_PORT: String(endpoint.port),
        KITCHEN_USERNAME: endpoint.username,
      };
    case 'ssm':
      return { KITCHEN_SERVER_ID: endpoint.instanceId, KITCHEN_REGION: endpoint.region };
  }
}

function snake(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]/g, '_')
    .toUpperCase();
}
