import { Module } from "@nestjs/common";
import { SweepsModule } from "../sweeps/sweeps.module";
import { ChangeListeners } from "./change-listeners";
import { EventStreams } from "./event-streams";
import { EventsController } from "./events.controller";

@Module({ imports: [SweepsModule], controllers: [EventsController], providers: [ChangeListeners, EventStreams] })
export class EventsModule {}
