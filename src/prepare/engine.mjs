import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineAddress, isStalePid, planEngine } from './engine-plan.mjs';

const PING_MS = 3000;
const START_MS = 45_000;
const PID_FILE = '/var/run/docker.pid';

/**
 * Makes sure that a Docker engine answers. Installs and starts one only where that is this user's to do.
 * @param {Record<string, string | undefined>} env
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>} false when the user has to do something; `say` told what
 */
export async function ensureEngine(env, say) {
  const where = engineAddress(env, readText);
  const reason = where.checkable ? await ping(where.address) : undefined;
  const osRelease = readText('/etc/os-release') ?? '';
  const plan = planEngine({
    ...where,
    answers: reason === undefined,
    ...(reason !== undefined && { reason }),
    isRoot: process.getuid?.() === 0,
    distribution: /^ID="?([\w-]+)/m.exec(osRelease)?.[1] ?? '',
    hasApt: existsSync('/usr/bin/apt-get'),
    hasDockerd: dockerdPath() !== undefined,
    dockerdRuns: dockerdRuns(),
  });
  if (plan.action === 'use') return true;
  if (plan.action === 'stop') {
    say(plan.line);
    return false;
  }
  if (plan.action === 'install' && !install(say)) return false;
  const log = join(cacheDir(env), 'dockerd.log');
  if (plan.action === 'wait') say('a Docker engine is starting, waiting for it');
  else start(log, env, say);
  return waitFor(where.address, log, say);
}

/**
 * Asks an engine for a sign of life.
 * @param {string} address `unix:///path` or `tcp://host:port`
 * @returns {Promise<string | undefined>} undefined when it answers, else why not
 */
export function ping(address) {
  const url = address.startsWith('unix:') ? undefined : new URL(address);
  const target = url
    ? { host: url.hostname, port: url.port || 2375 }
    : { socketPath: address.slice('unix://'.length) };
  return new Promise((resolve) => {
    const call = request({ ...target, path: '/_ping', timeout: PING_MS }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode === 200 ? undefined : `HTTP ${answer.statusCode}`));
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 3 s')));
    call.on('error', (error) => resolve(error.code ?? error.message));
    call.end();
  });
}

const apt = (...args) =>
  spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });

/** @param {(line: string) => void} say */
function install(say) {
  say('no Docker engine on this machine: installing docker.io with apt-get (about 20 s)');
  const packages = ['install', '-y', '--no-install-recommends', 'docker.io', 'iptables'];
  let run = apt(...packages);
  if (run.status !== 0) {
    apt('update');
    run = apt(...packages);
  }
  if (run.status === 0) return true;
  say(`apt-get could not install docker.io: ${lastLines(`${run.stdout}\n${run.stderr}`, 4)}`);
  return false;
}

/** Through the init system when one runs; else a detached dockerd that outlives this process. */
function start(log, env, say) {
  if (existsSync('/run/systemd/system')) {
    say('starting the Docker engine: systemctl start docker');
    if (spawnSync('systemctl', ['start', 'docker']).status === 0) return;
  } else if (existsSync('/etc/init.d/docker') && /^(init|sysvinit)$/.test(comm('1') ?? '')) {
    say('starting the Docker engine: service docker start');
    if (spawnSync('service', ['docker', 'start']).status === 0) return;
  }
  const pid = startDockerd({ log, pidFile: PID_FILE, args: [] });
  mkdirSync(cacheDir(env), { recursive: true });
  writeFileSync(join(cacheDir(env), 'dockerd.pid'), `${pid}\n`);
  say(`starting the Docker engine: dockerd, pid ${pid}, log in ${log}`);
}

/**
 * Starts dockerd in a session of its own. A pid file that a killed engine left would make it refuse to start.
 * @param {{ log: string, pidFile: string, args: readonly string[] }} options
 * @returns {number | undefined} its pid
 */
export function startDockerd({ log, pidFile, args }) {
  const left = readText(pidFile);
  if (left !== undefined && isStalePid(left, comm)) rmSync(pidFile, { force: true });
  mkdirSync(join(log, '..'), { recursive: true });
  const output = openSync(log, 'a');
  const child = spawn(dockerdPath() ?? 'dockerd', [...args], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  child.on('error', () => undefined);
  child.unref();
  return child.pid;
}

/** @param {string} address @param {string} log @param {(line: string) => void} say */
export async function waitFor(address, log, say, limitMs = START_MS) {
  const end = performance.now() + limitMs;
  let reason;
  do {
    reason = await ping(address);
    if (reason === undefined) return true;
    await sleep(200);
  } while (performance.now() < end);
  const lines = lastLines(readText(log) ?? '', 5);
  say(
    `the Docker engine does not answer at ${address} (${reason})${lines && `; the end of ${log}:\n${lines}`}`,
  );
  return false;
}

/** @param {Record<string, string | undefined>} env */
export function cacheDir(env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'galley');
}

function dockerdPath() {
  return ['/usr/bin/dockerd', '/usr/sbin/dockerd', '/usr/local/bin/dockerd'].find((path) => existsSync(path));
}

/** The default engine's process: the one that wrote the default pid file, or any that just started. */
function dockerdRuns() {
  const text = readText(PID_FILE);
  if (text !== undefined) return !isStalePid(text, comm);
  if (!existsSync('/proc')) return false;
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid) || comm(pid)?.trim() !== 'dockerd') return false;
    return !/(^|\0)(-H|--host|--pidfile)/.test(readText(`/proc/${pid}/cmdline`) ?? '');
  });
}

/** @param {string} pid */
function comm(pid) {
  return readText(`/proc/${pid}/comm`)?.trim();
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {string} text @param {number} count */
function lastLines(text, count) {
  return text.trim().split('\n').slice(-count).join('\n');
}
