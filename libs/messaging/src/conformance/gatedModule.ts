import { Controller, Module, type Type } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { Wanted } from '@rapport/platform';
import { RequestContext } from '../requestContext.ts';
import { ServesCommand } from '../serves.ts';

/** A handler that a test holds back and lets go. */
export class Gate {
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  /** Whether the sender of each that has begun still waits. */
  readonly wanted: Wanted[] = [];
  private readonly held: (() => void)[] = [];
  private readonly watchers: (() => void)[] = [];

  async hold(name: string): Promise<string> {
    this.begun.push(name);
    for (const watcher of this.watchers.splice(0)) watcher();
    await new Promise<void>((resolve) => this.held.push(resolve));
    this.ended.push(name);
    return name;
  }

  async reached(count: number): Promise<void> {
    while (this.begun.length < count) await new Promise<void>((resolve) => this.watchers.push(resolve));
  }

  /** Lets go of all that are held now. */
  open(): void {
    for (const go of this.held.splice(0)) go();
  }
}

/** A service that answers when the gate is opened. */
export function gatedModule(gate: Gate): Type {
  @Controller()
  class Gated {
    @MessagePattern('hold')
    hold(@Payload() { name }: { name: string }, @Ctx() { wanted }: RequestContext): Promise<string> {
      gate.wanted.push(wanted);
      return gate.hold(name);
    }

    @ServesCommand('closeTicket')
    command({ meta }: { meta: { wanted: Wanted } }): Promise<string> {
      gate.wanted.push(meta.wanted);
      return gate.hold('command');
    }

    @MessagePattern('who')
    who(): string {
      gate.begun.push('who');
      return gate.begun[0]!;
    }

    @MessagePattern('wait', { waits: true })
    async wait(@Payload() _message: object, @Ctx() { closing }: RequestContext): Promise<string> {
      gate.begun.push('wait');
      await new Promise((resolve) => closing.addEventListener('abort', resolve));
      return 'closing';
    }
  }
  @Module({ controllers: [Gated] })
  class GatedModule {}
  return GatedModule;
}
