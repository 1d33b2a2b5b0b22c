import type { HeartbeatReplyV1, StopAction, TrainerId } from "@basin/contracts";
import { TrainersRepository, type RunningAttempt } from "@basin/database";
import { sendCommand, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";
import { NATS } from "../platform/injection-keys";

const stopsPerCommand = 4000;

/** Tells trainers at once what they would be told after their next signs: which of their attempts to stop. */
@Injectable()
export class StopOrders {
  constructor(
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  async stop(running: readonly RunningAttempt[], action: StopAction): Promise<void> {
    const byTrainer = new Map<TrainerId, RunningAttempt[]>();
    for (const attempt of running) {
      const others = byTrainer.get(attempt.trainer);
      if (others) others.push(attempt);
      else byTrainer.set(attempt.trainer, [attempt]);
    }
    if (byTrainer.size === 0) return;
    const draining = await this.trainers.askedToDrain([...byTrainer.keys()]);
    for (const [trainer, attempts] of byTrainer) {
      for (let at = 0; at < attempts.length; at += stopsPerCommand) {
        const stop = attempts.slice(at, at + stopsPerCommand).map(({ run, attempt }) => ({ run, attempt, action }));
        const command: HeartbeatReplyV1 = { v: 1, stop, drain: draining.has(trainer), unknown: false };
        sendCommand(this.nats, trainer, command);
      }
    }
  }
}
