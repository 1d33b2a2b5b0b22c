import { Controller, Get, Header, Inject } from "@nestjs/common";
import { PrometheusSeries } from "../platform/prometheus-series";
import { Operation } from "./operation";

@Controller("metrics")
export class PrometheusController {
  constructor(@Inject(PrometheusSeries) private readonly series: PrometheusSeries) {}

  @Get()
  @Operation("metrics")
  @Header("content-type", "text/plain; version=0.0.4; charset=utf-8")
  read(): Promise<string> {
    return this.series.registry.metrics();
  }
}
