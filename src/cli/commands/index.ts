import type { CliCommand } from '../command.ts';
import { completion } from './completion.ts';
import { convert } from './convert.ts';
import { diagnose } from './diagnose.ts';
import { doctor } from './doctor.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { gc } from './gc.ts';
import { images } from './images.ts';
import { init } from './init.ts';
import { list } from './list.ts';
import { login } from './login.ts';
import { logs } from './logs.ts';
import { phaseCommands } from './phases.ts';
import { report } from './report.ts';
import { schema } from './schema.ts';
import { validate } from './validate.ts';
import { versionCommand } from './version.ts';
import { watch } from './watch.ts';

/** Every verb, in the order of `--help`. */
export const COMMANDS = [
  init,
  ...phaseCommands,
  watch,
  list,
  login,
  exec,
  logs,
  report,
  validate,
  schema,
  explain,
  convert,
  diagnose,
  doctor,
  images,
  gc,
  completion,
  versionCommand,
] as unknown as readonly CliCommand[];
