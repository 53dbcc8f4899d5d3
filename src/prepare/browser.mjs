import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * A Chromium or Chrome of this machine: the one that CHROMIUM names, else one at a usual place.
 * @param {Record<string, string | undefined>} env
 * @param {(path: string) => boolean} exists
 * @returns {string | undefined}
 */
export function findBrowser(env, exists = existsSync) {
  if (env.CHROMIUM) return exists(env.CHROMIUM) ? env.CHROMIUM : undefined;
  return PLACES.find((path) => exists(path));
}

/**
 * What is to be done when there is none: install it, or say what is missing.
 * @param {{ named: string | undefined, isRoot: boolean, hasApt: boolean, distribution: string }} facts
 * @returns {{ action: 'install' } | { action: 'stop', line: string }}
 */
export function planBrowser({ named, isRoot, hasApt, distribution }) {
  if (named) return { action: 'stop', line: `the browser that CHROMIUM names is not there: ${named}` };
  // Ubuntu's package only brings a snap.
  if (distribution === 'debian' && hasApt && isRoot) return { action: 'install' };
  const how = distribution === 'debian' ? 'apt-get install chromium' : 'install Chromium or Chrome';
  return {
    action: 'stop',
    line: `no browser for the tests of the HTML report: ${how}, or set CHROMIUM to one`,
  };
}

/**
 * Makes sure that there is a browser. Installs one only where that is this user's to do.
 * @param {Record<string, string | undefined>} env
 * @param {(line: string) => void} say
 * @returns {boolean} false when the user has to do something; `say` told what
 */
export function ensureBrowser(env, say) {
  if (findBrowser(env)) return true;
  const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const plan = planBrowser({
    named: env.CHROMIUM,
    isRoot: process.getuid?.() === 0,
    hasApt: existsSync('/usr/bin/apt-get'),
    distribution: /^ID="?([\w-]+)/m.exec(osRelease)?.[1] ?? '',
  });
  if (plan.action === 'stop') {
    say(plan.line);
    return false;
  }
  say('no browser for the tests of the HTML report: installing chromium with apt-get (about a minute)');
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
  const packages = ['install', '-y', '--no-install-recommends', 'chromium'];
  let run = apt(...packages);
  if (run.status !== 0) {
    apt('update');
    run = apt(...packages);
  }
  if (run.status === 0) return true;
  say(
    `apt-get could not install chromium: ${`${run.stdout}\n${run.stderr}`.trim().split('\n').slice(-4).join('\n')}`,
  );
  return false;
}
