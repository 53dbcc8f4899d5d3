import tap from 'tap';
import { GalleyError } from '../core/errors.ts';
import { isConflict, isNotFound, toDockerError } from './errors.ts';

const engineError = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), {
    statusCode,
    json: { message },
  });

const codeOf = (error: unknown) => (toDockerError(error, 'start web') as GalleyError).code;

await tap.test('each cause has its own code', async (t) => {
  t.equal(codeOf(engineError(500, 'write /x: no space left on device')), 'docker.disk_full');
  t.equal(codeOf(Object.assign(new Error('x'), { code: 'ENOSPC' })), 'docker.disk_full');
  t.equal(codeOf(engineError(404, 'No such image: nope:1')), 'docker.image_not_found');
  t.equal(codeOf(engineError(404, 'No such container: web')), 'docker.not_found');
  t.equal(
    codeOf(engineError(409, 'Conflict. The container name "/web" is already in use by container "x".')),
    'docker.name_conflict',
  );
  t.equal(
    codeOf(engineError(500, 'driver failed: Bind for 127.0.0.1:80: port is already allocated')),
    'docker.port_in_use',
  );
  t.equal(
    codeOf(engineError(500, 'runc: unable to apply caps: operation not permitted')),
    'docker.not_permitted',
  );
  t.equal(codeOf(Object.assign(new Error('connect EACCES'), { code: 'EACCES' })), 'docker.permission');
  t.equal(codeOf(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })), 'docker.engine_gone');
  t.equal(codeOf(engineError(500, 'something else')), 'docker.failed');
});

await tap.test('the message says what was being done, in the engine’s own words', async (t) => {
  t.equal(
    toDockerError(engineError(500, 'something else'), 'start web').message,
    'could not start web: something else',
  );
});

await tap.test('our own errors and aborts pass through', async (t) => {
  const own = new GalleyError({ code: 'a.b', kind: 'config', message: 'x' });
  t.equal(toDockerError(own, 'x'), own);
  t.equal(toDockerError(AbortSignal.abort().reason, 'x').name, 'AbortError');
});

await tap.test('status codes are told apart', async (t) => {
  t.ok(isNotFound(engineError(404, 'x')));
  t.ok(isConflict(engineError(409, 'x')));
  t.notOk(isNotFound(undefined));
});
