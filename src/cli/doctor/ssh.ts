import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { InstanceConfig } from '../../core/kitchen.ts';
import { plural } from '../../core/plural.ts';
import type { Env, Host } from '../host.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { judgeKey, keyFacts } from './ssh-key.ts';

/** Drivers whose machines are reached by ssh when no transport is named. */
const SSH_DRIVERS = ['ec2', 'proxy'];
const USUAL_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
const AGENT_MS = 2000;

function usesSsh(config: InstanceConfig): boolean {
  const { name } = config.transport;
  return name === undefined ? SSH_DRIVERS.includes(config.driver.name ?? '') : name === 'ssh';
}

/** Machines that get in whom the driver made a key for: neither agent nor files of one's own matter. */
function hasKeyMade({ driver, transport }: InstanceConfig, env: Env): boolean {
  const given = [driver.settings['aws_ssh_key_id'], env['AWS_SSH_KEY_ID'], transport.settings['ssh_key']];
  return driver.name === 'ec2' && given.every((one) => one === undefined || one === null);
}

/** The agent, and the keys that instances name; nobody is connected to but the agent. */
export async function probeSsh(
  host: Host,
  configs: readonly InstanceConfig[],
  root: string,
): Promise<readonly Finding[]> {
  const all = configs.filter(usesSsh);
  if (all.length === 0) return [];
  const using = all.filter((config) => !hasKeyMade(config, host.env));
  if (using.length === 0) return [ok('ssh key', 'the driver ec2 makes one for each run')];
  const agent = await askAgent(host.env);
  const named = using.flatMap((config) => keysOf(config, host.env, root));
  const home = host.env['HOME'];
  const usual =
    home === undefined ? [] : USUAL_KEYS.map((name) => join(home, '.ssh', name)).filter(existsSync);
  const keys = named.length > 0 ? [...new Set(named)] : usual;
  const facts = await Promise.all(keys.map((key) => keyFacts(key, (agent.keys ?? 0) > 0)));
  return [
    judgeAgent(
      agent,
      facts.some((one) => one.exists),
    ),
    ...facts.map(judgeKey),
  ];
}

/** What became of asking the agent. */
export interface AgentAnswer {
  /** `SSH_AUTH_SOCK` */
  readonly socket: string | undefined;
  /** How many keys it holds; undefined when it gave no answer. */
  readonly keys: number | undefined;
  readonly problem?: string;
}

export function judgeAgent({ socket, keys, problem }: AgentAnswer, hasKeyFiles: boolean): Finding {
  const probe = 'ssh agent';
  if (socket === undefined) {
    if (hasKeyFiles) return ok(probe, 'none (SSH_AUTH_SOCK is not set); keys are read from files');
    const fix = 'eval $(ssh-agent) and ssh-add, or set transport.ssh_key to a key file';
    return warn(probe, 'SSH_AUTH_SOCK is not set, and there is no key file either', fix);
  }
  if (keys === undefined) {
    const fix = 'eval $(ssh-agent) starts one; a forwarded one ends with its connection';
    return (hasKeyFiles ? warn : fail)(probe, `no answer at ${socket}: ${problem ?? 'nothing listens'}`, fix);
  }
  const count = plural(keys, 'key');
  if (keys > 0 || hasKeyFiles) return ok(probe, `it holds ${count}`);
  return warn(
    probe,
    `it holds ${count}, and there is no key file either`,
    'ssh-add, or set transport.ssh_key',
  );
}

async function askAgent(env: Env): Promise<AgentAnswer> {
  const socket = env['SSH_AUTH_SOCK'] || undefined;
  if (socket === undefined) return { socket, keys: undefined };
  const { createAgent } = (await import('ssh2')).default;
  const late = new Promise<AgentAnswer>((done) => {
    AbortSignal.timeout(AGENT_MS).addEventListener('abort', () =>
      done({ socket, keys: undefined, problem: `no answer within ${AGENT_MS / 1000} s` }),
    );
  });
  const asked = new Promise<AgentAnswer>((done) => {
    createAgent(socket).getIdentities((error, keys) => {
      if (error) done({ socket, keys: undefined, problem: error.message });
      else done({ socket, keys: keys?.length ?? 0 });
    });
  });
  return Promise.race([asked, late]);
}

function keysOf(config: InstanceConfig, env: Env, root: string): readonly string[] {
  const given = config.transport.settings['ssh_key'] ?? config.transport.settings['key'];
  const paths = (Array.isArray(given) ? given : [given]).filter((one) => typeof one === 'string');
  return paths.map((path) => resolve(root, path.replace(/^~(?=\/)/, env['HOME'] ?? '~')));
}
