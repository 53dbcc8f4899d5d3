/**
 * Guesses how the wanted value became the observed one; a line each, without either value. The rules are those of
 * systemd.exec(5) (`%` is a specifier) and of uWSGI's ini (`%x`, `$(VAR)`, quotes kept). Pure.
 */
export function likelyCauses(observed: string, wanted: string): string[] {
  const causes: string[] = [];
  const quoted = /^(["'])(.*)\1$/s.exec(observed);
  if (quoted?.[2] === wanted) {
    causes.push(
      'the quotes around it became part of the value (uWSGI ini and EnvironmentFile differ from a shell here)',
    );
  }
  if (observed !== wanted && observed.trim() === wanted.trim())
    causes.push('only white space at the ends differs');
  if (wanted.startsWith(observed) && observed !== '' && /[\s#;]/.test(wanted.charAt(observed.length))) {
    causes.push(`it is cut at ${JSON.stringify(wanted.charAt(observed.length))}: quote the value`);
  }
  if (percents(wanted) > percents(observed)) {
    causes.push('a % was expanded on the way: write %% in a systemd unit and in a uWSGI ini');
  }
  if (percents(observed) > percents(wanted) && observed.replaceAll('%%', '%') === wanted) {
    causes.push('%% was not turned into %: this place does not expand it');
  }
  if (/\$[({A-Za-z_]/.test(wanted) && !/\$[({A-Za-z_]/.test(observed)) {
    causes.push('a $(…) or $VAR in it was expanded on the way');
  }
  return causes;
}

function percents(text: string): number {
  return text.split('%').length - 1;
}
