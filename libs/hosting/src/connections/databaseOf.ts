/** The database that a MongoDB connection string names, or a default. */
export function databaseOf(url: string, otherwise: string): string {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
  return name === undefined ? otherwise : decodeURIComponent(name);
}
