import { fileURLToPath } from 'node:url';

/** The handbooks' own example rows, as the project carries them. */
const SAMPLES = ['service-records', 'feedback-improvements', 'improvement-measures'] as const;

export function sampleFiles(): readonly { readonly kind: string; readonly path: string }[] {
  return SAMPLES.map((kind) => ({
    kind,
    path: fileURLToPath(new URL(`../../../../samples/${kind}.csv`, import.meta.url)),
  }));
}
