/** An implementation of a port with one fault: what a conformance suite must not let pass. */
export interface WrongImplementation<Make> {
  /** What is wrong, as a noun: `an append that is not atomic`. */
  readonly fault: string;
  /** Makes it of the right one, mostly in memory. */
  readonly make: (right: Make) => Make;
  /**
   * Rules that exist to find this fault: each must reject it. `*` stands for any text, and then every rule of such a
   * name must. Other rules may reject it as well.
   */
  readonly rejectedBy: readonly string[];
  /** With this fault a rule may wait for ever: it rejects by a deadline. */
  readonly neverEnds?: true;
}

/** `right` with these members of its own. Everything else is passed on. */
export function withFault<Port extends object>(right: Port, fault: Partial<Port>): Port {
  return new Proxy(right, {
    get(target, name) {
      if (Object.hasOwn(fault, name)) return fault[name as keyof Port];
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
