/** Who acts, as the gateway asserted it: an opaque id and the roles of R-015. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly string[];
}
