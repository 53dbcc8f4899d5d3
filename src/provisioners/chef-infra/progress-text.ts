/**
 * Turns lines of the client's doc formatter into one short text of what it is doing now. Only for the eye: results
 * come from the data collector. Returns undefined when a line changes nothing.
 */
export function progressReader(): (line: string) => string | undefined {
  let total = 0;
  let done = 0;
  return (line) => {
    const converging = /^Converging (\d+) resources/.exec(line)?.[1];
    if (converging !== undefined) {
      total = Number(converging);
      done = 0;
      return undefined;
    }
    if (line.startsWith('Synchronizing cookbooks') || line.startsWith('Synchronizing Cookbooks'))
      return 'loading cookbooks';
    if (line.startsWith('Compiling cookbooks') || line.startsWith('Compiling Cookbooks'))
      return 'compiling cookbooks';
    // Resources of the run are indented by two; what custom resources do inside, by more.
    const resource = /^ {2}\* (\S.*?) action (\S+)/.exec(line);
    if (resource?.[1] === undefined) return undefined;
    done++;
    const count = total >= done ? `${done}/${total} ` : '';
    return `${count}${resource[1].length > 60 ? `${resource[1].slice(0, 59)}…` : resource[1]}`;
  };
}
