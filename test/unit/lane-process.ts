import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DONE, type Done, NO_MORE } from './lane-protocol.ts';
import { type Ended, environment, type RunOptions } from './run-alone.ts';

export interface LaneOptions extends RunOptions {
  /** How many milliseconds a process may take to end when all its files have passed. */
  readonly endingMs: number;
}

const PROGRAM = fileURLToPath(new URL('./lane.ts', import.meta.url));
/** A process that runs test files one after the other. */
export class Lane {
  readonly #child: ChildProcess;
  readonly #options: LaneOptions;
  readonly #closed: Promise<number | null>;
  #output = '';
  #onOutput: () => void = () => undefined;
  #isClosed = false;

  /** `number`: tells apart the processes that run at the same time, so that each has its own test folders. */
  constructor(number: number, options: LaneOptions) {
    this.#options = options;
    this.#child = fork(PROGRAM, [`lane-${number}`], {
      cwd: options.cwd,
      execArgv: [],
      env: environment(options),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#onOutput();
      });
    }
    this.#closed = new Promise((resolved) => {
      this.#child.once('close', (code) => {
        this.#isClosed = true;
        this.#onOutput();
        resolved(code);
      });
    });
    // Sending to a process that has just ended: that it ended is what counts.
    this.#child.on('error', () => undefined);
  }

  /** Runs one file; a text says what went wrong, and then the process should get no other one. */
  async run(file: string): Promise<Ended | string> {
    const started = performance.now();
    this.#output = '';
    if (this.#child.connected) this.#child.send(resolve(this.#options.cwd, file));
    const done = await this.#done();
    if (typeof done === 'string') return done;
    const seconds = (performance.now() - started) / 1000;
    if (done.problem !== undefined) return done.problem;
    if (done.other > 0 || done.pass === 0) return `${done.other} assertions do not pass\n${this.#output}`;
    return { file, seconds, output: this.#output, pass: done.pass, fail: 0, how: 'passed' };
  }

  /** Undefined when the process has nothing more to do and ends well, otherwise what is wrong. */
  async end(): Promise<string | undefined> {
    if (this.#child.connected) this.#child.send(NO_MORE);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#options.endingMs);
    const code = await this.#closed;
    clearTimeout(timer);
    if (code === 0) return undefined;
    return code === null ? 'something keeps the process from ending' : `the process ends with ${code}`;
  }

  #done(): Promise<Done | string> {
    return new Promise((resolved) => {
      const settle = (done: Done | string): void => {
        clearTimeout(timer);
        this.#onOutput = () => undefined;
        resolved(done);
      };
      const timer = setTimeout(() => {
        this.#child.kill('SIGKILL');
        settle(`it was stopped after ${this.#options.timeoutMs / 1000} s`);
      }, this.#options.timeoutMs);
      this.#onOutput = () => {
        const line = this.#output.lastIndexOf(`\n${DONE}`);
        const end = line < 0 ? -1 : this.#output.indexOf('\n', line + 1);
        if (end >= 0) settle(JSON.parse(this.#output.slice(line + 1 + DONE.length, end)) as Done);
        else if (this.#isClosed) settle(`it ended the process\n${this.#output}`);
      };
      this.#onOutput();
    });
  }
}
