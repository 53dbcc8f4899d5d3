import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { awsRequests } from '../../core/aws-requests.ts';
import { limiter } from '../../core/limiter.ts';
import type { PluginHost } from '../../core/plugin-host.ts';
import { type Bucket, openBucket } from './bucket.ts';
import { agentAbsent, notRun, toSsmError } from './errors.ts';
import type { SsmSettings } from './settings.ts';

/** What is needed of Systems Manager for one machine. */
export interface Agent extends Disposable {
  readonly instanceId: string;
  /** Runs shell text as root and gives its standard output. Throws when it cannot be run or fails. */
  run(script: string, signal?: AbortSignal): Promise<string>;
  /** The same for output of any length, through the bucket of the settings; undefined without one. */
  readonly runLong: ((script: string, signal?: AbortSignal) => Promise<string>) | undefined;
  /** The bucket of the settings. */
  readonly bucket: Bucket | undefined;
  /** How the agent was last seen, such as `Online`; undefined when it never was. */
  ping(): Promise<string | undefined>;
}

/** The agent works on a few commands at a time; more of them would wait there, out of sight. */
const COMMANDS_AT_ONCE = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
/** The invocation is known some time after the command (eventual consistency). */
const UNKNOWN_FOR_MS = 30_000;
export interface Pace {
  /** A command that says nothing for so long may have lost its agent; how often that is asked for. */
  readonly aliveMs: number;
  /** No command takes so long: a file that is lent to the machine must be there by then. */
  readonly longestMs: number;
}

const USUAL: Pace = { aliveMs: 45_000, longestMs: 20 * 60_000 };
/** Until an agent must have taken a command, seconds; the smallest that AWS allows. */
const DELIVERY_SECONDS = 30;

export interface AgentPlace {
  readonly instanceId: string;
  readonly region: string;
  readonly profile: string | undefined;
}

/** Asks AWS nothing yet. */
export async function openAgent(
  { env }: Pick<PluginHost, 'env'>,
  place: AgentPlace,
  settings: SsmSettings,
  onNotice: (text: string) => void,
  pace: Pace = USUAL,
): Promise<Agent> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const profile = settings.profile ?? place.profile ?? env['AWS_PROFILE'];
  const common = {
    region: settings.region ?? place.region,
    credentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
    retryMode: 'adaptive',
    maxAttempts: settings.retry_limit,
  };
  const url = settings.endpoint || env['AWS_ENDPOINT_URL_SSM'] || env['AWS_ENDPOINT_URL'];
  const way = { proxy: settings.http_proxy, verifiesTls: settings.ssl_verify_peer ?? true };
  const requestHandler = awsRequests(env, { ...way, endpoint: url });
  const ssm = new SSMClient({ ...common, requestHandler, ...(url && { endpoint: url }) });
  const { instanceId } = place;
  const inTurn = limiter(COMMANDS_AT_ONCE);
  const ask = async <T>(operation: string, send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw toSsmError(error, operation, instanceId);
    }
  };

  async function ping(): Promise<string | undefined> {
    const Filters = [{ Key: 'InstanceIds', Values: [instanceId] }];
    const { InstanceInformationList = [] } = await ask('DescribeInstanceInformation', () =>
      ssm.send(new DescribeInstanceInformationCommand({ Filters })),
    );
    return InstanceInformationList.find((one) => one.InstanceId === instanceId)?.PingStatus;
  }

  async function invoke(script: string, signal: AbortSignal | undefined, more: object = {}) {
    signal?.throwIfAborted();
    const { Command } = await ask('SendCommand', () =>
      ssm.send(
        new SendCommandCommand({
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: [instanceId],
          TimeoutSeconds: DELIVERY_SECONDS,
          Parameters: { commands: [script] },
          ...more,
        }),
      ),
    );
    const CommandId = Command?.CommandId ?? '';
    const started = Date.now();
    let heard = started;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      await sleep(pause, undefined, signal && { signal });
      const seen = await ask('GetCommandInvocation', () =>
        ssm
          .send(new GetCommandInvocationCommand({ CommandId, InstanceId: instanceId }))
          .catch((error: unknown) => {
            const isEarly = (error as Error).name === 'InvocationDoesNotExist';
            if (isEarly && Date.now() - started < UNKNOWN_FOR_MS) return undefined;
            throw error;
          }),
      );
      const status = seen?.Status ?? 'Pending';
      if (status === 'Success') return seen;
      if (/^(?:Pending|InProgress|Delayed|Cancelling)$/.test(status)) {
        const now = Date.now();
        if (now - started > pace.longestMs) throw notRun(instanceId, `no answer (${status})`, '');
        if (now - heard < pace.aliveMs) continue;
        // AWS goes on calling it InProgress for an hour when the machine has gone.
        const state = await ping();
        if (state !== 'Online') throw agentAbsent(instanceId, state);
        heard = now;
        continue;
      }
      throw notRun(instanceId, seen?.StatusDetails ?? status, seen?.StandardErrorContent ?? '');
    }
  }

  const s3Url = settings.endpoint || env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'];
  const bucket =
    settings.s3_bucket === undefined
      ? undefined
      : await openBucket({
          name: settings.s3_bucket,
          prefix: settings.s3_prefix.replace(/\/+$/, ''),
          client: {
            ...common,
            requestHandler: awsRequests(env, { ...way, endpoint: s3Url }),
            ...(s3Url && { endpoint: s3Url, forcePathStyle: true }),
          },
          ask,
          onNotice,
        });
  const runLong = async (through: Bucket, script: string, signal?: AbortSignal): Promise<string> => {
    const { name, prefix } = through;
    const seen = await invoke(script, signal, { OutputS3BucketName: name, OutputS3KeyPrefix: prefix });
    // The layout that the documentation of SendCommand gives, for a document with one plugin.
    const folder = `${prefix}/${seen?.CommandId}/${instanceId}/awsrunShellScript/0.awsrunShellScript`;
    return through.takeText(`${folder}/stdout`, [`${folder}/stderr`]);
  };

  return {
    instanceId,
    run: (script, signal) => inTurn(async () => (await invoke(script, signal))?.StandardOutputContent ?? ''),
    runLong: bucket && ((script, signal) => inTurn(() => runLong(bucket, script, signal))),
    bucket,
    ping,
    [Symbol.dispose]() {
      ssm.destroy();
      bucket?.[Symbol.dispose]();
    },
  };
}
