import { Global, Module } from "@nestjs/common";
import { FairShare } from "./fair-share";
import { MemoryNeeds } from "./memory-needs";
import { OutboxPublisher } from "./outbox-publisher.service";
import { Packer } from "./packer.service";
import { Planner } from "./planner.service";
import { Recovery } from "./recovery.service";
import { Removal } from "./removal.service";
import { Scheduler } from "./scheduler.service";
import { StopOrders } from "./stop-orders";
import { StoppingRules } from "./stopping.service";
import { SweepCommands } from "./sweep-commands";

/** Plans, packs, dispatches and recovers (in the process that leads), and takes commands on sweeps (in every process). */
@Global()
@Module({
  providers: [
    FairShare,
    MemoryNeeds,
    OutboxPublisher,
    Packer,
    Planner,
    Recovery,
    Removal,
    Scheduler,
    StopOrders,
    StoppingRules,
    SweepCommands,
  ],
  exports: [SweepCommands],
})
export class SchedulerModule {}
