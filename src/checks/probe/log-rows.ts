import type { LogFact, LogNeed, LogPosition } from '../../core/snapshot.ts';
import type { Row } from './rows.ts';

const HOW = ['same', 'rotated', 'truncated'] as const;

/** One row of the section `logs`. */
export function logFact(row: Row): LogFact {
  const [missed, error, text] = [row.optional(11), row.optional(12), row.optional(8)];
  const zone = /^([+-])(\d\d)(\d\d)$/.exec(row.text(13));
  const minutes = Number(zone?.[2] ?? 0) * 60 + Number(zone?.[3] ?? 0);
  const how = HOW.find((one) => one === row.optional(10));
  return {
    path: row.text(0),
    from: fromOf(row.text(1)),
    exists: row.flag(2),
    ...(row.optional(3) !== undefined && {
      end: {
        inode: row.number(3),
        device: row.number(4),
        size: row.number(5),
        tail: row.number(6),
        tailLength: row.number(7),
      },
    }),
    ...(text !== undefined && { text, isCut: row.flag(9) }),
    ...(how && { how }),
    ...(missed !== undefined && { missed }),
    ...(error !== undefined && { error }),
    utcOffset: zone?.[1] === '-' ? -minutes : minutes,
  };
}

function fromOf(text: string): LogNeed['from'] {
  if (text === 'start' || text === 'end') return text;
  const [inode = 0, device = 0, size = 0, tail = 0, tailLength = 0] = text.split(':').map(Number);
  return { inode, device, size, tail, tailLength } satisfies LogPosition;
}
