import type { Host } from './host.ts';

/** Runs a command; what it throws is printed and becomes the exit code. */
export async function attempt(run: () => Promise<number>, host: Host, debug: boolean): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const { printError } = await import('./print-error.ts');
    return printError(error, host.stderr, debug);
  }
}
