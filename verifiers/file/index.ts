import type { Verifier } from '../../src/core/verifier.ts';
import { judgeFile } from './judge.ts';
import { type FileFacts, fileNeeds, observeFile } from './observe.ts';
import { type FileSpec, fileSpec } from './schema.ts';

export const fileVerifier: Verifier<FileSpec, FileFacts> = {
  name: 'file',
  description: 'a file, folder or link: existence, type, mode, owner, content, digest',
  spec: fileSpec,
  repeatable: false,
  title: (spec) => `file ${spec.file}`,
  needs: fileNeeds,
  observe: observeFile,
  judge: judgeFile,
};
