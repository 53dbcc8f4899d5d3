import { Document, isMap, isScalar, isSeq, type Node, Scalar, visit } from 'yaml';
import type { Draft, Section } from './draft.ts';
import { REFERENCE_MARK } from './reference.ts';

/** A map or list that fits is written on one line, as people do. */
const FLOW_WIDTH = 76;
const WIDTH = 110;

/**
 * The text of a `checks:` list with comments, to be pasted below `verifier:`. Kitchen files are ERB templates and know
 * references: what would be taken for either is escaped.
 */
export function writeDrafts(
  head: readonly string[],
  sections: readonly Section[],
  foot: readonly string[] = [],
): string {
  const lines = [...head.flatMap((line) => comment(line)), 'checks:'];
  for (const { heading, drafts } of sections) {
    lines.push(...(lines.at(-1) === 'checks:' ? [] : ['']));
    lines.push(...heading.flatMap((line) => comment(line)).map(indent));
    for (const draft of drafts) lines.push(...draftLines(draft).map(indent));
  }
  if (sections.every(({ drafts }) => drafts.every((one) => one.isOptional === true)))
    lines.push(indent('[]'));
  if (foot.length > 0) lines.push('', ...foot.flatMap((line) => comment(line)));
  return escaped(`${lines.join('\n')}\n`);
}

function draftLines({ comments, item, isOptional }: Draft): readonly string[] {
  const yaml = itemYaml(item, isOptional === true)
    .trimEnd()
    .split('\n');
  const written = isOptional === true ? yaml.map((line) => `# ${line}`) : yaml;
  return [...comments.flatMap((line) => comment(line)), ...written];
}

/** One list item, `- port: 80` and what belongs to it. */
function itemYaml(item: unknown, isShort: boolean): string {
  const document = new Document([item], { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Map: (_key, node, path) => {
      if (path.length > 2) setFlow(node, FLOW_WIDTH);
      else if (isShort && node.items.length > 1) setFlow(node, WIDTH);
    },
    Seq: (_key, node, path) => void (path.length > 1 && setFlow(node, FLOW_WIDTH)),
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && /\n[^]/.test(node.value)) node.type = Scalar.BLOCK_LITERAL;
      else if (typeof node.value === 'string' && node.value.includes('\n')) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0, directives: false, flowCollectionPadding: false });
}

function setFlow(node: Node & { flow?: boolean | undefined }, most: number): void {
  let width = 0;
  visit(node, {
    Scalar: (_key, { value }) => {
      width += String(value).length + 2;
      if (typeof value === 'string' && /\n[^]/.test(value)) width += most;
    },
  });
  const isPlainList = isSeq(node) && node.items.every((one) => isScalar(one));
  if (width <= most && (isMap(node) || isPlainList || width <= most / 2)) node.flow = true;
}

/** Comment lines of a text, broken at spaces where it is long. */
function comment(text: string): readonly string[] {
  const lines: string[] = [];
  for (const part of printable(text).split('\n')) {
    let line = '#';
    for (const word of part.split(' ')) {
      if (line !== '#' && line.length + word.length + 1 > WIDTH) {
        lines.push(line);
        line = '#  ';
      }
      line += ` ${word}`;
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** A comment from somebody's file must stay a comment. */
function printable(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[^\P{C}\n]/gu, '?')
    .trim();
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('<%', '<%%')
    .replaceAll(/\$\{(?=(?:services|instance)\.)/g, (found) => `$${found}`)
    .replaceAll(REFERENCE_MARK, '$');
}
