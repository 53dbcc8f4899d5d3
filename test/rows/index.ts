import type { CheckRow } from '../check-table.ts';
import { AROUND } from './around.ts';
import { HTTP } from './http.ts';
import { ADDR, BY_BASH, BY_NOBODY, BY_RUBY, CERT, DNS } from './network.ts';
import { CONNECTIONS, ENVIRONMENTS, PROCESSES } from './processes.ts';
import { APK, JOBS, MACHINE, PACKAGES, REPOSITORY, USERS, WITHOUT_SUDO, WITHOUT_TOOLS } from './system.ts';
import { ACL, INIT_SCRIPTS, RUNIT_SERVICES, WIDENED } from './widened.ts';

/** Every row that the Docker tests hold against a real instance. */
export const ALL_ROWS: readonly CheckRow[] = [
  ...AROUND,
  ...[HTTP, ADDR, DNS, CERT, BY_RUBY, BY_BASH, BY_NOBODY].flat(),
  ...[USERS, PACKAGES, MACHINE, JOBS, REPOSITORY, APK, WITHOUT_TOOLS, WITHOUT_SUDO].flat(),
  ...[PROCESSES, ENVIRONMENTS, CONNECTIONS].flat(),
  ...[WIDENED, ACL, RUNIT_SERVICES, INIT_SCRIPTS].flat(),
];
