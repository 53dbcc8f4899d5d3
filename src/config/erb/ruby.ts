import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { defined } from '../../core/defined.ts';
import type { SourceFile } from '../source-file.ts';
import type { ErbContext } from './render.ts';
import type { Piece, Stretch } from './template.ts';

/** Kitchen files that need longer do something else than describe a kitchen. */
const TIMEOUT_MS = 10_000;

/** What Test Kitchen itself has loaded when it evaluates a kitchen file. */
const LIBRARIES = [
  'erb',
  'yaml',
  'json',
  'date',
  'time',
  'securerandom',
  'fileutils',
  'pathname',
  'socket',
  'etc',
  'digest',
  'shellwords',
  'open3',
];

const SCRIPT = `
STDIN.binmode; STDOUT.binmode
source = STDIN.read.force_encoding("UTF-8")
template = source.include?("-%>") || source.include?("<%-") ? ERB.new(source, trim_mode: "-") : ERB.new(source)
template.filename = ARGV[0]
begin
  STDOUT.write(template.result(TOPLEVEL_BINDING))
rescue Exception => e
  line = (e.backtrace || []).map { |l| l[/\\A#{Regexp.escape(ARGV[0])}:(\\d+)/, 1] }.compact.first
  line ||= e.message[/:(\\d+):/, 1]
  STDERR.write("\\uFDD0#{line}\\uFDD1#{e.class}: #{e.message}")
  exit! 3
end
`;

export type RubyResult =
  | { readonly text: string; readonly stretches: readonly Stretch[] }
  | { readonly missing: true }
  | { readonly missing: false; readonly message: string; readonly at: number | undefined };

/**
 * Renders the template with the `ruby` of the given PATH. Each text of the template carries a mark with its offset
 * through Ruby, from which the places are found again.
 */
export async function renderWithRuby(
  source: SourceFile,
  pieces: readonly Piece[],
  context: ErbContext,
): Promise<RubyResult> {
  const ruby = findRuby(context.env['PATH']);
  const result = ruby && (await run(ruby, withMarks(source.text, pieces), source.path, context));
  if (!result) return { missing: true };
  if (result.exitCode === 0) return withoutMarks(result.stdout);
  const report = /\uFDD0(\d*)\uFDD1([\s\S]*)$/.exec(result.stderr);
  const message = (report?.[2] ?? result.stderr).trim().split('\n', 1)[0] ?? '';
  const line = Number(report?.[1] ?? 0);
  return { missing: false, message, at: line > 0 ? offsetOfLine(source.text, line) : undefined };
}

function findRuby(searchPath: string | undefined): string | undefined {
  const folders = (searchPath ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, 'ruby')).find((file) => existsSync(file));
}

/** The marks are characters that Unicode keeps free for such use. */
function withMarks(template: string, pieces: readonly Piece[]): string {
  let marked = '';
  let copied = 0;
  for (const piece of pieces) {
    if (piece.kind === 'code') continue;
    const at = piece.kind === 'text' ? piece.at : piece.tagAt;
    marked += `${template.slice(copied, at)}\uFDD0${piece.kind === 'text' ? '' : '='}${at}\uFDD1`;
    copied = at;
  }
  return marked + template.slice(copied);
}

function withoutMarks(rendered: string): RubyResult {
  const stretches: Stretch[] = [];
  let text = '';
  const mark = /\uFDD0(=?)(\d+)\uFDD1/g;
  let copied = 0;
  for (let found = mark.exec(rendered); found !== null; found = mark.exec(rendered)) {
    text += rendered.slice(copied, found.index);
    copied = found.index + found[0].length;
    stretches.push({ start: text.length, from: Number(found[2]), exact: found[1] === '' });
  }
  return { text: text + rendered.slice(copied), stretches };
}

function offsetOfLine(text: string, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count += 1) {
    const newline = text.indexOf('\n', at);
    if (newline === -1) return at;
    at = newline + 1;
  }
  return at;
}

interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Undefined when it cannot be started. */
function run(
  ruby: string,
  template: string,
  file: string,
  context: ErbContext,
): Promise<Finished | undefined> {
  return new Promise((resolve) => {
    const env = defined(context.env);
    const args = [...LIBRARIES.map((library) => `-r${library}`), '-e', SCRIPT, file];
    const child = spawn(ruby, args, { cwd: context.root, env, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', () => resolve(undefined));
    child.on('close', (code, signal) => {
      const stderr = signal
        ? `ruby did not finish within ${TIMEOUT_MS / 1000} s`
        : Buffer.concat(err).toString('utf8');
      resolve({ exitCode: code ?? 1, stdout: Buffer.concat(out).toString('utf8'), stderr });
    });
    child.stdin.end(template);
  });
}
