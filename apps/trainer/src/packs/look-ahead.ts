/** A pack that waits for a slot longer than this is handed back: another trainer may be free. */
const maxWaitMilliseconds = 5000;
/** Packs shorter than this are worth claiming ahead: claiming takes tens of milliseconds. */
const shortSeconds = 2;
/** Weight of the newest pack in the running mean. */
const newest = 0.3;

/**
 * Lets at most `slots` packs train. While packs are short, one more per slot may be claimed, so that a slot that becomes free
 * goes on at once instead of asking first; while they are long, none is, so that no pack waits here while another trainer has room.
 */
export class LookAhead {
  #training = 0;
  #claimed = 0;
  #meanSeconds: number | null = null;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly slots: number) {}

  /** Takes one of the places for claimed packs, if there is one; `giveBack` returns it. */
  takePlace(): boolean {
    const ahead = this.#meanSeconds !== null && this.#meanSeconds < shortSeconds ? this.slots : 0;
    if (this.#claimed >= this.slots + ahead) return false;
    this.#claimed++;
    return true;
  }

  giveBack(): void {
    this.#claimed--;
  }

  /** Waits for a slot; false when none became free in time. After true, `leave` must be called. */
  async enter(patienceMilliseconds = maxWaitMilliseconds): Promise<boolean> {
    if (this.#training < this.slots) {
      this.#training++;
      return true;
    }
    return new Promise((resolve) => {
      const admitted = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(admitted), 1);
        resolve(false);
      }, patienceMilliseconds);
      this.#waiting.push(admitted);
    });
  }

  /** The slot passes to the pack that waits longest. `seconds`: how long the pack trained. */
  leave(seconds: number): void {
    this.#meanSeconds = this.#meanSeconds === null ? seconds : (1 - newest) * this.#meanSeconds + newest * seconds;
    const next = this.#waiting.shift();
    if (next) next();
    else this.#training--;
  }
}
