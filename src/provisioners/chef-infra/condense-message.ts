import { capLine } from '../../core/output-lines.ts';

const LINES = 12;
const LINE = 300;

/**
 * An exception's message as a person needs it: inspected objects (`#<Chef::Node::Attribute @default={…`, often over
 * 100 kB) become `#<Chef::Node::Attribute …>`, the pointer into Chef's own source that error_highlight adds goes, and
 * at most 12 lines of at most 300 characters stay.
 */
export function condenseMessage(message: string): readonly string[] {
  const text = message
    .replaceAll(/#<([A-Z][\w:]*)[^\n]{60,}>/g, '#<$1 …>')
    .replaceAll(/#<([A-Z][\w:]*)[^\n>]{300,}/g, '#<$1 …')
    // error_highlight: a blank line, a source line, a line of carets.
    .replace(/\n\n[^\n]*\n[ \t]*\^+[ \t]*(?=\n|$)/, '');
  const lines = text
    .split('\n')
    .map((line) => capLine(line.trimEnd(), LINE))
    .filter((line) => line !== '');
  if (lines.length <= LINES) return lines;
  const tail = Math.floor(LINES / 2);
  const left = lines.length - LINES + 1;
  return [...lines.slice(0, LINES - tail - 1), `… [${left} lines left out]`, ...lines.slice(-tail)];
}

const COMMAND_FAILURE =
  /^Expected process to exit with \[?([^\]\n]*)\]?, but received '?(-?\d*)'?\n---- Begin output of ([\s\S]*?) ----\nSTDOUT: ?([\s\S]*?)\nSTDERR: ?([\s\S]*?)\n---- End output of /;

/** What mixlib-shellout says of a failed command, in fewer lines; other messages as `condenseMessage`. */
export function condenseFailure(message: string): readonly string[] {
  const command = COMMAND_FAILURE.exec(message);
  if (command === null) return condenseMessage(message);
  const [, expected = '', received = '', text = '', stdout = '', stderr = ''] = command;
  return [
    `${received === '' ? 'ended by a signal' : `exit code ${received} instead of ${expected}`}: ${capLine(text.replaceAll('\n', ' ⏎ '), LINE)}`,
    ...stream('stderr', stderr, 8),
    ...stream('stdout', stdout, 4),
  ];
}

/** The last lines of a stream: that is where a command says what it died of. */
function stream(name: string, text: string, keep: number): readonly string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return lines.slice(-keep).map((line) => `${name}: ${capLine(line, LINE)}`);
}
