/** Draws one plot; long tasks on the page's only thread. */
type Turn = () => Promise<void>;

interface Waiting {
  element: Element;
  turn: Turn;
}

const waiting: Waiting[] = [];
let busy = false;

/** How far an element is from what a person sees, in CSS pixels; 0: in view. */
function distanceOf(element: Element): number {
  const { top, bottom } = element.getBoundingClientRect();
  return Math.max(0, -bottom, top - window.innerHeight);
}

/** The page answers to input and paints before it goes on. */
const pause = (): Promise<void> =>
  new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve();
    requestAnimationFrame(() => channel.port2.postMessage(null));
    // Frames stop in a page that is not shown.
    setTimeout(resolve, 100);
  });

async function work(): Promise<void> {
  busy = true;
  try {
    for (;;) {
      const next = waiting.reduce<Waiting | null>(
        (nearest, one) => (nearest && distanceOf(nearest.element) <= distanceOf(one.element) ? nearest : one),
        null,
      );
      if (!next) return;
      waiting.splice(waiting.indexOf(next), 1);
      await next.turn();
      await pause();
    }
  } finally {
    busy = false;
  }
}

/**
 * Plots are drawn one after another, what is in view first, and the page paints in between. A turn that its element's owner gave up
 * (the returned function) is left out. `turn` must not reject.
 */
export function takeTurn(element: Element, turn: Turn): () => void {
  const entry = { element, turn };
  waiting.push(entry);
  // After every plot of this moment has asked, so that the nearest is known.
  if (!busy) {
    busy = true;
    queueMicrotask(() => void work());
  }
  return () => {
    const at = waiting.indexOf(entry);
    if (at >= 0) waiting.splice(at, 1);
  };
}
