/** When what happens, in minutes of the even load. */
export interface Plan {
  readonly minutes: number;
  /** Between two kills, on average. */
  readonly killEvery: number;
  /** Kills end here: what grows slowly is seen in lives that are long enough. */
  readonly killsUntil: number;
  /** Between two looks at rest. */
  readonly restEvery: number;
  /** A life's first minutes say nothing of leaks: code is compiled, caches fill. */
  readonly warmUp: number;
  readonly slice: number;
}

const LONGEST_BETWEEN_KILLS = 4;
const SHORTEST_BETWEEN_RESTS = 0.25;

export function planFor(minutes: number): Plan {
  return {
    minutes,
    killEvery: Math.min(LONGEST_BETWEEN_KILLS, minutes / 5),
    killsUntil: minutes / 2,
    restEvery: Math.max(SHORTEST_BETWEEN_RESTS, minutes / 60),
    warmUp: minutes / 6,
    slice: Math.max(SHORTEST_BETWEEN_RESTS, minutes / 60),
  };
}
