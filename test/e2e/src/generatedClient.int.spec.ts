import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openFullWorld } from './harness/fullWorld.ts';
import type { HttpWorld } from './harness/httpWorld.ts';

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const tool = (path: string): string => here(`../../../node_modules/${path}`);

describe('a client generated from /openapi.json', () => {
  let http: HttpWorld;
  let folder: string;

  beforeAll(async () => {
    http = await openFullWorld();
    // Within the workspace, where it finds the packages that it imports.
    mkdirSync(here('../dist'), { recursive: true });
    folder = mkdtempSync(here('../dist/client-'));
  });

  afterAll(async () => {
    await http.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is generated without a complaint, compiles, and registers a customer', async () => {
    const api = join(folder, 'api.ts');
    const generated = await run(process.execPath, [
      tool('openapi-typescript/bin/cli.js'),
      `${http.url}/openapi.json`,
      '--output',
      api,
    ]);
    expect(generated.stderr).toBe('');
    copyFileSync(
      here('../fixtures/generatedClient/registerCustomer.ts'),
      join(folder, 'registerCustomer.ts'),
    );
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const compiler = {
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        module: 'nodenext',
        target: 'es2023',
        types: ['node'],
        skipLibCheck: true,
      },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compiler));
    const compiled = await run(process.execPath, [tool('typescript-native/bin/tsc'), '-p', folder]).catch(
      (failed: { stdout: string }) => failed,
    );
    expect(compiled.stdout).toBe('');
    const { stdout } = await run(process.execPath, [join(folder, 'registerCustomer.js'), http.url]);
    expect(JSON.parse(stdout)).toEqual({
      name: '远见科技有限公司',
      contacts: [['张三', true]],
      bought: ['年度服务'],
      refused: ['name'],
    });
  });
});
