import { Injectable } from '@nestjs/common';

/** Every route that the server has, to tell an unknown address from a wrong method. */
@Injectable()
export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  add(url: string, method: string | readonly string[]): void {
    if (url.includes('*')) return;
    const pattern = new RegExp(
      `^${url
        .split('/')
        .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')))
        .join('/')}$`,
    );
    this.routes.push({ pattern, methods: typeof method === 'string' ? [method] : method });
  }

  /** Methods that the address takes; none for an unknown one. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?', 1)[0]!;
    const methods = this.routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}
