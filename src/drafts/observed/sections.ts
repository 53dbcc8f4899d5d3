import type { Section } from '../draft.ts';
import { answers, companionsReached, connections, ports, processes, underLoad } from './behaviour.ts';
import { certificates, jobs, services } from './details.ts';
import { environment } from './environment.ts';
import type { Observed } from './observed.ts';
import { repeated } from './resources.ts';

/** Checks of what was seen, behaviour first; sections without any are left out. Pure. */
export function sectionsOf(seen: Observed): readonly Section[] {
  const all: readonly Section[] = [
    {
      heading: [
        'What it answers: the reason for the machine. Asked from inside; without `from` it is asked from here, through a port published when the instance is created.',
      ],
      drafts: [...answers(seen), ...underLoad(seen)],
    },
    { heading: ['Who listens, and as which program.'], drafts: ports(seen) },
    {
      heading: [
        'The environment that running processes really have, whatever the files say. Values are compared where that shows no secret; all others only have to be set.',
      ],
      drafts: environment(seen),
    },
    { heading: ['Companions, as the machine reaches them.'], drafts: companionsReached(seen) },
    {
      heading: ['Connections that processes hold. One that several hold was opened before a fork.'],
      drafts: connections(seen),
    },
    { heading: ['Units that run, and whether they start with the machine.'], drafts: services(seen) },
    { heading: ['Processes: how many, and as whom.'], drafts: processes(seen) },
    { heading: ['Jobs: when they run. That they work is another question.'], drafts: jobs(seen) },
    { heading: ['Certificates: that they are valid, and for how long still.'], drafts: certificates(seen) },
    {
      heading: [
        'What the recipe says already. A check of it finds only what Chef itself did not do: keep those that guard something, such as a file that must not be readable.',
      ],
      drafts: repeated(seen),
    },
  ];
  return all.filter(({ drafts }) => drafts.length > 0);
}
