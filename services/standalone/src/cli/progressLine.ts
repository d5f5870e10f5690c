/** One line of progress: drawn over itself on a terminal, a line every tenth elsewhere. */
export class ProgressLine {
  private lastTenth = -1;

  constructor(
    private readonly label: string,
    private readonly out: { readonly isTTY?: boolean; write(text: string): unknown },
  ) {}

  show(done: number, of: number): void {
    const percent = of === 0 ? 100 : Math.floor((done * 100) / of);
    if (this.out.isTTY === true) {
      const filled = Math.round(percent / 4);
      this.out.write(
        `\r${this.label} [${'█'.repeat(filled)}${' '.repeat(25 - filled)}] ${percent} % (${done}/${of})`,
      );
      if (done === of) this.out.write('\n');
      return;
    }
    const tenth = Math.floor(percent / 10);
    if (tenth === this.lastTenth) return;
    this.lastTenth = tenth;
    this.out.write(`${this.label} ${percent} %\n`);
  }
}
