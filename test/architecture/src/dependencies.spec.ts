import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const folder = mkdtempSync(join(tmpdir(), 'rapport-architecture-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function violations(cwd: string, ...places: string[]): readonly string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [CRUISER, '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', ...places],
    { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  if (stdout === '') throw new Error(`dependency-cruiser did not run: ${stderr}`);
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

/** A small tree of files with these imports, cruised by the same rules. */
function violationsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const tree = mkdtempSync(join(folder, 'tree-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  writeFileSync(join(tree, 'tsconfig.cruise.json'), '{"compilerOptions":{"module":"NodeNext"}}');
  return violations(tree, 'libs', 'services').map((violation) => violation.split(':')[0]!);
}

describe('dependencies point one way', () => {
  it('the workspace keeps every rule', () => {
    expect(violations(ROOT, 'libs', 'services', 'test')).toEqual([]);
  });

  it('a service that imports another service is found', () => {
    expect(
      violationsOf({
        'libs/platform/src/a.ts': 'export {};',
        'services/risk/src/a.ts': "import '../../tickets/src/b.ts';",
        'services/tickets/src/b.ts': 'export {};',
      }),
    ).toEqual(['services-know-no-service']);
  });

  it('a library that imports a service, and a lower one that imports a higher, are found', () => {
    expect(
      [
        ...violationsOf({
          'libs/contracts/src/a.ts':
            "import '../../views/src/b.ts'; import '../../../services/risk/src/c.ts';",
          'libs/views/src/b.ts': 'export {};',
          'services/risk/src/c.ts': 'export {};',
        }),
      ].sort(),
    ).toEqual(['contracts-stands-on-what-is-below', 'libs-know-no-services']);
  });

  it('a conformance rule that only Jest knows is found', () => {
    expect(
      violationsOf({
        'libs/views/src/conformance/documentTests.ts': "import '@jest/globals';",
        'libs/views/src/conformance/viewStoreConformance.spec.ts': "import '@jest/globals';",
        'services/risk/src/a.ts': 'export {};',
      }),
    ).toEqual(['conformance-rules-are-data']);
  });

  it('a decider that reads a file or knows Nest is found', () => {
    expect(
      [
        ...violationsOf({
          'libs/platform/src/a.ts': 'export {};',
          'services/risk/src/risk/riskDecider.ts': "import 'node:fs'; import '@nestjs/common';",
        }),
      ].sort(),
    ).toEqual(['pure-code-does-no-io', 'pure-code-knows-no-outside']);
  });
});
