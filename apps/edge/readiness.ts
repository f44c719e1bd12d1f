import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';

/** Asks one dependency whether it can be used now; answers undefined, or what is missing in a few words. */
export type ReadinessProbe = () => Promise<string | undefined> | string | undefined;

/** The injection token of an app's probes, by dependency. */
export const READINESS = Symbol('readiness probes');

/** `GET /health`: the process lives. `GET /ready`: 200, or 503 with what is missing. */
@Controller()
export class ReadinessController {
  constructor(@Inject(READINESS) private readonly probes: Readonly<Record<string, ReadinessProbe>>) {}

  @Get('health')
  health(): { alive: true } {
    return { alive: true };
  }

  @Get('ready')
  async ready(@Res() response: Response): Promise<void> {
    const answers = await Promise.all(
      Object.entries(this.probes).map(async ([dependency, probe]) => {
        const missing = await Promise.resolve(probe()).catch(() => 'cannot be asked');
        return missing === undefined ? [] : [{ dependency, missing }];
      }),
    );
    const missing = answers.flat();
    response.status(missing.length === 0 ? 200 : 503).json({ ready: missing.length === 0, missing });
  }
}
