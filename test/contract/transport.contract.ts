import { PassThrough } from 'node:stream';
import type { Test } from 'tap';
import type { Connection } from '../../src/core/transport.ts';
import { namesOf, tarOf } from '../tar.ts';

/**
 * What plugins rely on with every transport. `folder`: an absolute path on the machine that does not exist, in a folder
 * that does. The owner of uploaded files is not looked at: not every caller may give files away.
 */
export async function transportContract(t: Test, connection: Connection, folder: string): Promise<void> {
  const sh = (script: string) => connection.execute(['/bin/sh', '-c', script]);

  await t.test('a command has its input, environment and folder; a non-zero exit is a result', async (t) => {
    const given = { stdin: 'in\n', env: { A: "b 'c' $d" }, cwd: '/usr' };
    const script = 'cat; pwd; echo "$A" >&2; exit 3';
    t.match(await connection.execute(['/bin/sh', '-c', script], given), {
      exitCode: 3,
      stdout: 'in\n/usr\n',
      stderr: "b 'c' $d\n",
    });
  });

  await t.test('a command that is too slow is transport.timeout, an abort throws its reason', async (t) => {
    const slow = ['sleep', '600'];
    await t.rejects(connection.execute(slow, { timeoutMs: 300 }), {
      code: 'transport.timeout',
      kind: 'infrastructure',
    });
    const abort = new AbortController();
    const running = connection.execute(slow, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await t.rejects(running, { message: 'enough' });
  });

  await t.test('files go into folders that are made, and come back', async (t) => {
    await connection.upload(tarOf({ a: 'one', 'sub/b': 'two' }), `${folder}/new/`);
    await sh(`ln -s sub/b ${folder}/new/link; ln -s nowhere ${folder}/new/dangling`);
    t.equal((await connection.readFile(`${folder}/new/a`))?.toString(), 'one');
    t.equal((await connection.readFile(`${folder}/new/link`))?.toString(), 'two', 'links are followed');
    t.same(await namesOf(await connection.download(`${folder}/new/sub/`)), ['sub/', 'sub/b']);
    t.same(await namesOf(await connection.download(`${folder}/new/dangling`)), ['dangling']);
  });

  await t.test('what is not there, is no file, or cannot be written', async (t) => {
    for (const path of ['nope', 'new/dangling'])
      t.equal(await connection.readFile(`${folder}/${path}`), undefined, path);
    await t.rejects(connection.readFile(`${folder}/new`), {
      code: 'transport.not_a_file',
      kind: 'infrastructure',
    });
    await t.rejects(connection.download(`${folder}/nope`), {
      code: 'transport.no_such_path',
      kind: 'infrastructure',
    });
    await t.rejects(connection.upload(tarOf({ c: 'three' }), `${folder}/new/a/below`), {
      code: 'transport.transfer_failed',
      kind: 'infrastructure',
    });
  });

  await t.test('a stream that breaks is the error of the upload', async (t) => {
    const broken = new PassThrough();
    const upload = connection.upload(broken, `${folder}/broken`);
    broken.write(Buffer.alloc(512));
    setTimeout(() => broken.destroy(new Error('the disk went away')), 50);
    await t.rejects(upload, { message: 'the disk went away' });
    const cut = new PassThrough();
    const uploadOfCut = connection.upload(cut, `${folder}/broken`);
    setTimeout(() => cut.destroy(), 50);
    await t.rejects(uploadOfCut, Error, 'one that ends before its end');
    const early = new PassThrough();
    const uploadOfEarly = connection.upload(early, `${folder}/broken`);
    early.destroy(new Error('it was gone at once'));
    await t.rejects(uploadOfEarly, { message: 'it was gone at once' }, 'before anybody reads it');
  });

  await sh(`rm -rf ${folder}`);
}
