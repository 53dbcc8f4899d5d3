/**
 * What is known before anything is done about the engine.
 * @typedef {object} EngineFacts
 * @property {boolean} answers the engine answers
 * @property {string} [reason] why it does not: an errno name, or text
 * @property {string} address in the form of DOCKER_HOST
 * @property {boolean} chosen the user named the engine (DOCKER_HOST, context)
 * @property {boolean} checkable it is on a plain unix or TCP socket, which can be asked without a library
 * @property {boolean} isRoot
 * @property {string} distribution ID of /etc/os-release, '' elsewhere
 * @property {boolean} hasApt
 * @property {boolean} hasDockerd
 * @property {boolean} dockerdRuns a dockerd process exists
 */

/**
 * @typedef {{ action: 'use' } | { action: 'wait' } | { action: 'start' } | { action: 'install' }
 *   | { action: 'stop', line: string }} EnginePlan
 */

/**
 * Decides what to do about the engine; the least that can work.
 * @param {EngineFacts} facts
 * @returns {EnginePlan}
 */
export function planEngine(facts) {
  if (facts.answers || !facts.checkable) return { action: 'use' };
  if (facts.reason === 'EACCES') {
    return stop(
      `no permission to use the Docker engine at ${facts.address}: run \`sudo usermod -aG docker $USER\` and log in again, or run this command with sudo`,
    );
  }
  if (facts.chosen) {
    return stop(
      `the Docker engine you chose (${facts.address}) does not answer (${facts.reason}): start it, or unset DOCKER_HOST and DOCKER_CONTEXT`,
    );
  }
  if (!facts.isRoot) {
    return stop(
      `no Docker engine answers at ${facts.address}: start one (\`sudo systemctl start docker\`, or Docker Desktop), or run this command as root on Debian or Ubuntu to have one installed`,
    );
  }
  if (facts.dockerdRuns) return { action: 'wait' };
  if (facts.hasDockerd) return { action: 'start' };
  if (facts.hasApt && /^(debian|ubuntu)$/.test(facts.distribution)) return { action: 'install' };
  return stop(
    `no Docker engine answers at ${facts.address} and this is neither Debian nor Ubuntu: install Docker (https://docs.docker.com/engine/install/) and start it`,
  );
}

function stop(line) {
  return { action: /** @type {const} */ ('stop'), line };
}

/**
 * Where the docker CLI would look, as far as it can be told without a library.
 * @param {Record<string, string | undefined>} env
 * @param {(path: string) => string | undefined} readText text of a file, or undefined
 * @returns {{ address: string, chosen: boolean, checkable: boolean }}
 */
export function engineAddress(env, readText) {
  const host = env.DOCKER_HOST;
  if (host) {
    const tls = Boolean(env.DOCKER_TLS_VERIFY);
    const address = host.includes('://') ? host : host.startsWith('/') ? `unix://${host}` : `tcp://${host}`;
    return {
      address,
      chosen: true,
      checkable: address.startsWith('unix:') || (address.startsWith('tcp:') && !tls),
    };
  }
  const folder = env.DOCKER_CONFIG ?? `${env.HOME ?? ''}/.docker`;
  let context = env.DOCKER_CONTEXT;
  if (!context) {
    try {
      context = JSON.parse(readText(`${folder}/config.json`) ?? '{}').currentContext;
    } catch {
      context = undefined;
    }
  }
  if (context && context !== 'default')
    return { address: `context ${context}`, chosen: true, checkable: false };
  return { address: 'unix:///var/run/docker.sock', chosen: false, checkable: true };
}

/**
 * Whether a pid file is stale: no such process, or one of another name.
 * @param {string} text content of the pid file
 * @param {(pid: string) => string | undefined} commOf name of a process, undefined when there is none
 */
export function isStalePid(text, commOf) {
  const pid = text.trim();
  return !/^\d+$/.test(pid) || commOf(pid)?.trim() !== 'dockerd';
}
