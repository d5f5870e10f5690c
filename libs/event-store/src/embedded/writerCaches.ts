/** What the writer's caches may hold. */
export interface WriterCaches {
  /** Pages of the file. */
  readonly pageBytes: number;
  /** Last revisions of streams. */
  readonly headBytes: number;
}
