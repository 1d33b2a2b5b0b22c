import { type ComponentType, type ReactNode, useEffect, useState } from "react";

export interface LoadedLater<P> {
  /** Loads the code, once. */
  preload: () => void;
  /** The component with the properties `given`; `waiting` until it is loaded. Throws what loading threw. */
  Content: ComponentType<{ given: P; waiting: ReactNode }>;
}

/**
 * A component whose code is loaded when it is first shown. It stands there as soon as that is done, where React.lazy would
 * suspend even then and React hold back what replaces a fallback for 300 ms.
 */
export function loadedLater<P extends object>(load: () => Promise<ComponentType<P>>): LoadedLater<P> {
  let loaded: ComponentType<P> | null = null;
  const get = async (): Promise<ComponentType<P>> => (loaded ??= await load());
  function Content({ given, waiting }: { given: P; waiting: ReactNode }) {
    const [Shown, setShown] = useState<ComponentType<P> | null>(() => loaded);
    const [failure, setFailure] = useState<{ error: unknown } | null>(null);
    useEffect(() => {
      if (Shown) return;
      let left = false;
      get().then(
        (component) => left || setShown(() => component),
        (error: unknown) => left || setFailure({ error }),
      );
      return () => {
        left = true;
      };
    }, [Shown]);
    if (failure) throw failure.error;
    return Shown ? <Shown {...given} /> : waiting;
  }
  // What fails here is tried again, and reported, when it is shown.
  return { preload: () => void get().catch(() => undefined), Content };
}
