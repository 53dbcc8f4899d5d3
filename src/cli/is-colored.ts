/** Whether output is coloured: on terminals, unless NO_COLOR is set, and elsewhere when FORCE_COLOR is. */
export function isColored(isTty: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  return (env['NO_COLOR'] ?? '') === '' && (isTty || forced);
}
