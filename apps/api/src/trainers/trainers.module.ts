import { Module } from "@nestjs/common";
import { TrainerTokensController } from "./trainer-tokens.controller";
import { TrainerTokensService } from "./trainer-tokens.service";
import { TrainersController } from "./trainers.controller";

@Module({
  controllers: [TrainersController, TrainerTokensController],
  providers: [TrainerTokensService],
  exports: [TrainerTokensService],
})
export class TrainersModule {}
