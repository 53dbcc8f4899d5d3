import type { BenchCase } from './case.ts';
import { reachStage } from './room.ts';
import type { Timing } from './table.ts';
import type { Room } from './tools/tool.ts';

export interface RoundsRequest {
  readonly cases: readonly BenchCase[];
  readonly rounds: number;
  /** The rooms of a case's kitchen, in the order in which the tools take turns. */
  readonly roomsFor: (one: BenchCase) => readonly Room[];
  readonly log: (line: string) => void;
}

/** Times every case in every round, the tools taking turns case by case. Throws at the first that fails. */
export async function runRounds(request: RoundsRequest): Promise<readonly Timing[]> {
  const timings = request.cases.map((one) => ({
    case: one,
    seconds: { galley: [] as number[], peer: [] as number[] },
  }));
  for (let round = 1; round <= request.rounds; round += 1) {
    for (const timing of timings) {
      for (const room of request.roomsFor(timing.case)) {
        const seconds = await timeOnce(timing.case, room);
        timing.seconds[room.tool.name].push(seconds);
        request.log(
          `round ${round}  ${timing.case.name.padEnd(16)} ${room.tool.name.padEnd(7)} ${seconds.toFixed(2)} s`,
        );
        if (round === 1) await timing.case.onceProof?.(room);
      }
    }
  }
  return timings;
}

async function timeOnce(one: BenchCase, room: Room): Promise<number> {
  if (one.from !== undefined) await reachStage(room, one.from);
  const result = await room.run(one.args);
  if (one.leaves !== undefined) room.stage = one.leaves;
  await one.proof(result, room);
  return result.seconds;
}
