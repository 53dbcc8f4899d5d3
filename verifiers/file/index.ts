import type { Verifier } from '../../src/core/verifier.ts';
import { judgeFile } from './judge.ts';
import { type FileFacts, fileMarks, fileNeeds, observeFile } from './observe.ts';
import { type FileSpec, fileSpec } from './schema.ts';

export const fileVerifier: Verifier<FileSpec, FileFacts> = {
  name: 'file',
  description:
    'a file, folder or link, or all that match a pattern: existence, type, mode, owner, content, values inside, who can read it',
  spec: fileSpec,
  repeatable: false,
  title: (spec) => `file ${spec.file}`,
  marks: fileMarks,
  needs: fileNeeds,
  observe: observeFile,
  judge: judgeFile,
};
