import { messageOf } from "@basin/contracts";
import * as engine from "@basin/engine";
import { ExtensionError, type Extension } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { requireSameShape, type ModelFamily } from "./family";
import { addFamilies } from "./registry";

/** What a package from outside builds its model families with; handed over, so that it uses the TensorFlow.js whose backend is open. */
export interface FamilyKit {
  tf: typeof tf;
  engine: typeof engine;
  requireSameShape: typeof requireSameShape;
}

/** Adds the model families of the extensions that bring some. Throws ExtensionError, which names the extension. */
export async function addExtensionFamilies(loaded: readonly { name: string; extension: Extension }[]): Promise<void> {
  const kit: FamilyKit = { tf, engine, requireSameShape };
  for (const { name, extension } of loaded) {
    try {
      const made = await extension.families?.(kit);
      if (made === undefined) continue;
      const families = made as readonly ModelFamily[];
      for (const family of families) {
        if (typeof family.id !== "string" || typeof family.create !== "function")
          throw new TypeError("a family has an id and a function create");
      }
      addFamilies(families);
    } catch (error) {
      const why = messageOf(error);
      throw new ExtensionError(`the model families of the extension "${name}" cannot be used: ${why}`);
    }
  }
}
