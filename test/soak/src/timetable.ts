type Act = () => void | Promise<void>;

/** What is to be done when, in minutes; one thing after the other, and something else in between. */
export class Timetable {
  private readonly entries: { readonly at: number; readonly act: Act }[] = [];

  /** @param minutes tells the time */
  constructor(private readonly minutes: () => number) {}

  at(minute: number, act: Act): void {
    this.entries.push({ at: minute, act });
  }

  /** Again so many minutes after each time, from then on that it was done. */
  every(pause: number, act: Act): void {
    const again = async (): Promise<void> => {
      await act();
      this.at(this.minutes() + pause, again);
    };
    this.at(this.minutes() + pause, again);
  }

  /** Runs until minute `end`. @param meanwhile does something until the minute that it is given */
  async run(end: number, meanwhile: (until: number) => Promise<void>): Promise<void> {
    while (this.minutes() < end) {
      this.entries.sort((x, y) => x.at - y.at);
      const [next] = this.entries;
      const until = Math.min(end, next?.at ?? end);
      if (this.minutes() < until) await meanwhile(until);
      else {
        this.entries.shift();
        await next!.act();
      }
    }
  }
}
