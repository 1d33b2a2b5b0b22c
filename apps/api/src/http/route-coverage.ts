import { routes, type RouteName } from "@basin/contracts";
import { Inject, Injectable, type OnModuleInit, type Type } from "@nestjs/common";
import { DiscoveryService } from "@nestjs/core";
import { routeNameKey } from "./route-binding";

/** Each handler of a contract route among the controllers, e.g. `{ route: "getSweep", handler: "SweepsController.get" }`. */
export function boundRoutes(controllers: readonly Type[]): { route: RouteName; handler: string }[] {
  return controllers.flatMap((controller) =>
    Object.entries(Object.getOwnPropertyDescriptors(controller.prototype as object)).flatMap(([key, descriptor]) => {
      if (typeof descriptor.value !== "function") return [];
      const route = Reflect.getMetadata(routeNameKey, descriptor.value as object) as RouteName | undefined;
      return route === undefined ? [] : [{ route, handler: `${controller.name}.${key}` }];
    }),
  );
}

/** Throws an error that names every route of the contracts without a handler, or with more than one. */
export function checkRouteCoverage(controllers: readonly Type[]): void {
  const bound = boundRoutes(controllers);
  const faults = (Object.keys(routes) as RouteName[]).flatMap((name) => {
    const handlers = bound.filter((binding) => binding.route === name).map((binding) => binding.handler);
    if (handlers.length === 1) return [];
    return [handlers.length === 0 ? `${name} has no handler` : `${name} has ${handlers.length} handlers: ${handlers.join(", ")}`];
  });
  if (faults.length > 0) throw new Error(`the HTTP routes are not bound one to one: ${faults.join("; ")}`);
}

/** Stops the process from starting when the contracts and the controllers disagree. */
@Injectable()
export class RouteCoverage implements OnModuleInit {
  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    checkRouteCoverage(
      this.discovery.getControllers().flatMap((wrapper) => (wrapper.metatype ? [wrapper.metatype as Type] : [])),
    );
  }
}
