const WIDTH_MS = 0.05;

/** Counts latencies in steps of 0.05 ms up to 10 s, exact enough for ratios of small ones; longer count as 10 s. */
export class LatencyHistogram {
  private readonly counts = new Uint32Array(10_000 / WIDTH_MS + 1);
  private total = 0;

  record(ms: number): void {
    this.counts[Math.min(this.counts.length - 1, Math.floor(ms / WIDTH_MS))]! += 1;
    this.total += 1;
  }

  /** Upper edge in milliseconds of the step in which `share` (0 to 1] of all latencies are reached; 0 for none. */
  percentile(share: number): number {
    const wanted = Math.ceil(share * this.total);
    let seen = 0;
    for (let step = 0; step < this.counts.length && this.total > 0; step += 1) {
      seen += this.counts[step]!;
      if (seen >= wanted) return (step + 1) * WIDTH_MS;
    }
    return 0;
  }
}
