/** Exit codes, after sysexits.h. */
export const EXIT = {
  usage: 64,
  noInput: 66,
  unavailable: 69,
  software: 70,
  cannotCreate: 73,
  io: 74,
  temporary: 75,
  permission: 77,
  configuration: 78,
} as const;
