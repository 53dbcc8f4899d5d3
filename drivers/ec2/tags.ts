import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import type { Ownership } from '../../src/core/action-context.ts';
import { LABEL, labelsFor, type ResourceKind } from '../../src/docker/labels.ts';
import { isRunId } from './run-folder.ts';

/** What a tag's value may hold in every service (https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html). */
const NOT_IN_VALUES = /[^\p{L}\p{N}\p{Z}_.:/=+\-@]+/gu;
const MAX_VALUE = 256;

export interface TagInput {
  readonly ownership: Ownership;
  /** Undefined for what all instances of a run share. */
  readonly instance: string | undefined;
  readonly kind: ResourceKind;
  readonly own: Readonly<Record<string, string>>;
}

/** Tags of one resource: a Name, the user's own, and those by which `destroy` and `gc` find it. */
export function tagsFor({ ownership, instance, kind, own }: TagInput): readonly Tag[] {
  const name = `galley ${ownership.project} ${instance ?? ownership.runId}`;
  const all = { Name: name, ...own, ...labelsFor(ownership, instance, kind) };
  return Object.entries(all).map(([Key, value]) => ({
    Key,
    Value: tagValue(value),
  }));
}

/** A text as it stands in a tag: what is looked for has to be the same. */
export function tagValue(text: string): string {
  return text.replaceAll(NOT_IN_VALUES, '-').slice(0, MAX_VALUE);
}

/**
 * Whether tags are those of an instance that this caller made. The project is made of a path, which many machines of a CI
 * service share: another owner's are not ours.
 */
export function isOwn(
  tags: readonly Tag[] | undefined,
  { project, owner }: Pick<Ownership, 'project' | 'owner'>,
  instance: string,
): boolean {
  const { [LABEL.project]: ofProject, [LABEL.instance]: ofInstance, [LABEL.owner]: of } = tagMap(tags);
  return ofProject === project && ofInstance === tagValue(instance) && of === tagValue(owner);
}

/** The run of a tag; undefined for what is no id of a run, since anybody may write tags and ids become folders. */
export function runIdIn(tags: readonly Tag[] | undefined): string | undefined {
  const id = tagMap(tags)[LABEL.run];
  return id !== undefined && isRunId(id) ? id : undefined;
}

/** The same tags on all that one request makes. */
export function specifications(
  tags: readonly Tag[],
  types: readonly NonNullable<TagSpecification['ResourceType']>[],
): TagSpecification[] {
  return types.map((ResourceType) => ({ ResourceType, Tags: [...tags] }));
}

export function tagMap(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

/** Filters that find everything of a project, or of one of its instances or runs. */
export function tagFilters(selection: {
  readonly project: string;
  readonly instance?: string;
  readonly run?: string;
}): { Name: string; Values: string[] }[] {
  const { project, instance, run } = selection;
  const wanted = { [LABEL.project]: project, [LABEL.instance]: instance, [LABEL.run]: run };
  return Object.entries(wanted).flatMap(([key, value]) =>
    value === undefined ? [] : [{ Name: `tag:${key}`, Values: [tagValue(value)] }],
  );
}
