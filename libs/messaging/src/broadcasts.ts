import {
  ChangeV2,
  HeartbeatReplyV1,
  HeartbeatRequestV2,
  subjects,
  TrainerChangeV1,
  type SweepId,
  type TrainerId,
  messageOf,
} from "@basin/contracts";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { linkOf } from "./connection";
import { bury, parseMessage, type DeadLetterOptions } from "./dead-letters";
import { silentLog, type MessagingLog } from "./log";

/** Core NATS, never stored: whoever is not listening misses it, and must be able to. */
export interface Listening {
  stop(): void;
}

/** Tells every listener what was committed. Dropped while NATS is away. */
export function publishChange(connection: NatsConnection, change: ChangeV2): void {
  send(connection, subjects.changes(change.sweep), JSON.stringify(change));
}

/** Changes of one sweep, or of all. What does not parse is logged and dropped. */
export function subscribeChanges(
  connection: NatsConnection,
  onChange: (change: ChangeV2) => void,
  options: { sweep?: SweepId; log?: MessagingLog } = {},
): Listening {
  const { sweep, log = silentLog } = options;
  return listen(connection, sweep === undefined ? subjects.allChanges : subjects.changes(sweep), log, (message) => {
    const parsed = parseMessage(ChangeV2, message.data);
    if (parsed.ok) onChange(parsed.value);
    else log.warn({ subject: message.subject, reason: parsed.reason }, "a change could not be parsed");
  });
}

/** Tells every listener about a trainer. Dropped while NATS is away. */
export function publishTrainerChange(connection: NatsConnection, change: TrainerChangeV1): void {
  send(connection, subjects.trainers, JSON.stringify(change));
}

/** What does not parse is logged and dropped. */
export function subscribeTrainerChanges(
  connection: NatsConnection,
  onChange: (change: TrainerChangeV1) => void,
  log: MessagingLog = silentLog,
): Listening {
  return listen(connection, subjects.trainers, log, (message) => {
    const parsed = parseMessage(TrainerChangeV1, message.data);
    if (parsed.ok) onChange(parsed.value);
    else log.warn({ subject: message.subject, reason: parsed.reason }, "a trainer's change could not be parsed");
  });
}

/** A trainer's sign of life, to every control-plane process. Dropped while NATS is away: late it would say something untrue. */
export function publishSign(connection: NatsConnection, sign: HeartbeatRequestV2): void {
  send(connection, subjects.sign(sign.trainer), JSON.stringify(sign));
}

/** Signs of every trainer. What does not parse is logged and dropped. */
export function subscribeSigns(
  connection: NatsConnection,
  onSign: (sign: HeartbeatRequestV2) => void,
  log: MessagingLog = silentLog,
): Listening {
  return listen(connection, subjects.allSigns, log, (message) => {
    const parsed = parseMessage(HeartbeatRequestV2, message.data);
    if (parsed.ok && message.subject === subjects.sign(parsed.value.trainer)) onSign(parsed.value);
    else if (parsed.ok) log.warn({ subject: message.subject, trainer: parsed.value.trainer }, "a sign in another trainer's name");
    else log.warn({ subject: message.subject, reason: parsed.reason }, "a trainer's sign could not be parsed");
  });
}

/** Tells one trainer something. Dropped when the trainer does not listen. */
export function sendCommand(connection: NatsConnection, trainer: TrainerId, command: HeartbeatReplyV1): void {
  send(connection, subjects.command(trainer), JSON.stringify(command));
}

export function subscribeCommands(
  connection: NatsConnection,
  trainer: TrainerId,
  onCommand: (command: HeartbeatReplyV1) => void,
  options: DeadLetterOptions = {},
): Listening {
  return listen(connection, subjects.command(trainer), options.log ?? silentLog, (message) => {
    const parsed = parseMessage(HeartbeatReplyV1, message.data);
    if (parsed.ok) onCommand(parsed.value);
    else void bury(connection, "command", message, parsed.reason, options);
  });
}

/** Wakes the scheduler of whichever process leads. */
export function nudge(connection: NatsConnection): void {
  send(connection, subjects.nudge, "");
}

export function subscribeNudges(connection: NatsConnection, onNudge: () => void, log: MessagingLog = silentLog): Listening {
  return listen(connection, subjects.nudge, log, onNudge);
}

function send(connection: NatsConnection, subject: string, payload: string): void {
  if (connection.isClosed() || connection.isDraining() || !linkOf(connection).connected) return;
  connection.publish(subject, payload);
}

/** A listener that throws is logged and goes on listening. */
function listen(connection: NatsConnection, subject: string, log: MessagingLog, onMessage: (message: Msg) => void): Listening {
  const subscription = connection.subscribe(subject, {
    callback: (error, message) => {
      try {
        if (error) throw error;
        onMessage(message);
      } catch (failure) {
        log.error({ subject, reason: messageOf(failure) }, "a broadcast could not be handled");
      }
    },
  });
  return {
    stop() {
      if (!connection.isClosed()) subscription.unsubscribe();
    },
  };
}
