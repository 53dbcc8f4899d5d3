import type { Failure } from './ten-failures.ts';

type Blocks = ReadonlyMap<string, string>;
type Ids = readonly { readonly id: string }[];

/** What one tool said, by id of the failure. */
export interface Said {
  readonly title: string;
  readonly blocks: Blocks;
}

/** Cuts an output into the blocks that begin with a line of which `begins` gives the id; `ends` closes the last one. */
function cut(
  lines: readonly string[],
  begins: (line: string) => string | undefined,
  ends: (line: string) => boolean,
): Map<string, string[]> {
  const blocks = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines) {
    const id = begins(line);
    if (id !== undefined) {
      current = [line];
      blocks.set(id, current);
    } else if (ends(line)) current = undefined;
    else current?.push(line);
  }
  return blocks;
}

function joined(blocks: ReadonlyMap<string, readonly string[]>): Blocks {
  return new Map([...blocks].map(([id, lines]) => [id, lines.join('\n').trimEnd()]));
}

/** Galley's blocks begin with FAIL or ERROR and end with a `try` that names the check. */
export function galleyBlocks(output: string, ids: Ids): Blocks {
  const lines = output.split('\n').map((line) => line.replace(/^\[[^\]]+\] ?/, ''));
  let count = 0;
  const numbered = cut(
    lines,
    (line) => {
      if (!/^(FAIL|ERROR) /.test(line)) return undefined;
      count += 1;
      return String(count);
    },
    (line) => !line.startsWith('  '),
  );
  const named = [...numbered.values()].flatMap((block): [string, string[]][] => {
    const id = ids.find((one) => block.some((line) => line.includes(` --check ${one.id} `)))?.id;
    return id === undefined ? [] : [[id, block]];
  });
  return joined(new Map(named));
}

/** InSpec's begin with a cross and the name of the control. */
export function inspecBlocks(output: string, ids: Ids): Blocks {
  const begins = (line: string): string | undefined => {
    const found = /^ {2}[×✔↺] {2}([\w-]+):/.exec(line)?.[1];
    return ids.some((one) => one.id === found) ? found : undefined;
  };
  return joined(cut(output.split('\n'), begins, (line) => /^Profile|^Test Summary/.test(line)));
}

export function shellBlocks(output: string, ids: Ids): Blocks {
  const begins = (line: string): string | undefined => {
    const found = /^(?:not )?ok ([\w-]+)/.exec(line)?.[1];
    return ids.some((one) => one.id === found) ? found : undefined;
  };
  return joined(cut(output.split('\n'), begins, () => false));
}

const INTRO = `# Messages

What Galley, InSpec and a plain shell script say of the same ten failures. This page is written by \`npm run docs:messages\`
from one run on one real instance that has all ten; nothing on it is typed by hand. The questions are those of
\`bench/messages/ten-failures.ts\`, the instance is made by \`bench/messages/machine.ts\`.

A message of Galley says what was expected and what was observed, where it looked, the nearest evidence, the likely cause
where one is known, and the next command. Values of secrets are shown by their length.
`;

/** The page, one section for each failure. Throws when a tool said nothing of one. Pure. */
export function messagesPage(failures: readonly Failure[], said: readonly Said[]): string {
  const sections = failures.map((failure, at) => {
    const blocks = said.map(({ title, blocks: by }) => {
      const text = by.get(failure.id);
      if (text === undefined) throw new Error(`${title} said nothing of ${failure.id}`);
      return `${title}:\n\n\`\`\`text\n${text}\n\`\`\`\n`;
    });
    return `## ${at + 1}. ${failure.title}\n\n${failure.story}\n\n${blocks.join('\n')}`;
  });
  return [INTRO, ...sections].join('\n');
}
