import tap from 'tap';
import { openToAll } from './caller-address.ts';

await tap.test('a group that kitchen-ec2’s default opens to everybody is told', (t) => {
  t.equal(openToAll(['203.0.113.7/32', '10.0.0.0/8'], [22]), undefined);
  t.match(
    openToAll(['0.0.0.0/0'], [22]),
    /^security_group_cidr_ip: 0\.0\.0\.0\/0 lets everybody try port 22 of/,
  );
  t.match(openToAll(['10.0.0.0/8', '::/0'], [22, 80]), /: ::\/0 lets everybody try ports 22, 80 of/);
  t.end();
});
