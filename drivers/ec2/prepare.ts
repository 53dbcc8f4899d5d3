import type { ActionContext } from '../../src/core/action-context.ts';
import type { CreateRequest } from '../../src/core/driver.ts';
import type { PluginHost } from '../../src/core/plugin-host.ts';
import type { Connection } from '../../src/core/transport.ts';
import type { Ec2Config } from './config.ts';
import type { Ec2Machine } from './record.ts';

const CLOUD_INIT_MS = 600_000;

/** Prints nothing where there is no cloud-init; else the status that it ended with, and its errors. */
const WAIT = `command -v cloud-init >/dev/null 2>&1 || exit 0
cloud-init status --wait >/dev/null 2>&1
cloud-init status --long 2>/dev/null || true`;

/** Lets the first boot come to its end, which holds the package manager, and puts the Chef client there. */
export async function prepareMachine(
  host: PluginHost,
  ctx: ActionContext<Ec2Config>,
  connection: Connection,
  request: CreateRequest,
): Promise<Partial<Ec2Machine>> {
  const { instance, signal, emit, config } = ctx;
  emit({ type: 'progress', instance: instance.name, text: 'waiting for cloud-init' });
  const { stdout } = await connection.execute(['/bin/sh', '-c', WAIT], { signal, timeoutMs: CLOUD_INIT_MS });
  if (/^status: error/m.test(stdout)) {
    const message = `cloud-init ended with an error, as user_data or the image may: ${summary(stdout)}`;
    emit({ type: 'notice', instance: instance.name, level: 'warning', message });
  }
  if (!request.needsClient) return {};
  const { putClient } = await import('../../src/images/put-client.ts');
  return { client: await putClient(connection, config.client, host, ctx) };
}

function summary(status: string): string {
  return status
    .split('\n')
    .filter(
      (line) => /error|fail|^detail/i.test(line) && !/^(status|extended_status):|^errors: \[\]/.test(line),
    )
    .map((line) => line.trim())
    .join('; ')
    .slice(0, 400);
}
