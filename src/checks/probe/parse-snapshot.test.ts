import tap from 'tap';
import { parseSnapshot } from './parse-snapshot.ts';
import { parseUnitEnvironment } from './unit-environment.ts';

const head = '["head","1","1795000000.5","perl","0","0","1","little"]';
const output = (...lines: string[]): string => [head, ...lines, '["end"]', ''].join('\n');

await tap.test('reads the rows of the probe', (t) => {
  const { snapshot } = parseSnapshot(
    output(
      '["p","71","1","uwsgi",["/usr/bin/uwsgi","--ini","/srv/caf\\u00c3\\u00a9.ini"],"1","/usr/bin/uwsgi-core","33","www-data","S","1794999999.25","app.service","15028","1"]',
      '["s","tcp","0100007F:1F90","00000000:0000","0A","33","500"]',
      '["s","tcp","0100007F:1F91","00000000:0000","0A","0","501"]',
      '["o","500",["71"]]',
      '["unreadable",["1"]]',
      '["e","71","KEY","1","a\\"b\\u00ff","0","no right"]',
      '["e","72","KEY","1",null,"1",null]',
      '["f","/nope","0"]',
      '["f","/locked","0",null,null,null,null,null,null,null,null,null,null,null,"Permission denied"]',
      '["u","app","systemd","1","active","running","enabled","71","2","success","A=1 \\"B=x y\\"",["/etc/default/app (ignore_errors=yes)"],"1"]',
      '["r","db",["10.0.0.2"],null]',
    ),
    'exec',
  );
  t.equal(snapshot.via, 'exec (SYS_PTRACE), perl');
  t.equal(snapshot.takenAt, 1795000000.5);
  t.match(snapshot.processes, [
    {
      pid: 71,
      args: ['/usr/bin/uwsgi', '--ini', '/srv/café.ini'],
      argsCut: true,
      startedAt: 1794999999.25,
      unit: 'app.service',
    },
  ]);
  t.match(
    snapshot.sockets,
    [{ pids: [71] }, { pids: undefined }],
    'an owner may be among the unreadable: unknown, not none',
  );
  t.match(snapshot.environ[0], { live: 'a"b\ufffd', atExec: undefined, atExecError: 'no right' });
  t.match(snapshot.environ[1], { live: null, liveError: undefined, atExec: null });
  t.same(snapshot.files, [
    { path: '/nope', exists: false },
    { path: '/locked', exists: false, error: 'Permission denied' },
  ]);
  t.match(snapshot.units, [
    {
      known: true,
      restarts: 2,
      environment: { A: '1', B: 'x y' },
      environmentFiles: ['/etc/default/app'],
      needsReload: true,
    },
  ]);
  t.same(snapshot.addresses, { db: ['10.0.0.2'] });
  t.same(snapshot.unreadableFds, [1]);
  t.end();
});

await tap.test('a section that could not be taken is an error text, several are joined', (t) => {
  const { snapshot } = parseSnapshot(
    output('["error","units","no systemctl"]', '["error","units","slow"]'),
    'exec',
  );
  t.same(snapshot.errors, { units: 'no systemctl; slow' });
  t.end();
});

await tap.test(
  'output that is cut, of another version or not of the probe is refused, without its content',
  (t) => {
    t.throws(() => parseSnapshot(`${head}\n`, 'exec'), /is cut/);
    t.throws(
      () => parseSnapshot('["head","2","1","perl","0","0","0","little"]\n["end"]', 'exec'),
      /version 2/,
    );
    t.throws(() => parseSnapshot('["end"]', 'exec'), /nothing about itself/);
    t.throws(() => parseSnapshot(output('["error","all","cannot enter"]'), 'sidecar'), /cannot enter/);
    for (const line of [
      'motd: s3cret',
      '["e","x","KEY","1","s3cret","0",""]',
      '["p"]',
      '{"a":1}',
      '["e",["s3cret"]]',
    ]) {
      try {
        parseSnapshot(output(line), 'exec');
        t.fail(`accepted ${line}`);
      } catch (error) {
        t.match(String(error), /unexpected line/);
        t.notMatch(String(error), /s3cret/);
      }
    }
    t.end();
  },
);

await tap.test('reads Environment= as systemctl show prints it', (t) => {
  t.same(parseUnitEnvironment(''), {});
  t.same(parseUnitEnvironment('A=1 "B=two words" C= "D=\\"q\\" \\$x \\\\" $\'E=line\\nnext \\x41\' F=a=b'), {
    A: '1',
    B: 'two words',
    C: '',
    D: '"q" $x \\',
    E: 'line\nnext A',
    F: 'a=b',
  });
  t.same(parseUnitEnvironment('"URL=postgres://u:p%25@db/x?a=1&b=2"'), {
    URL: 'postgres://u:p%25@db/x?a=1&b=2',
  });
  t.same(parseUnitEnvironment("A=it\\'s B=x"), { A: "it's", B: 'x' });
  t.end();
});
