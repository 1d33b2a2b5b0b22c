import { messageOf } from "@basin/contracts";
import { useEffect, useRef, useState } from "react";
import css from "./plots.module.css";

export interface SaveItem {
  text: string;
  act: () => void | Promise<void>;
}

/** A button that opens a list of actions. Escape, choosing, and leaving close it; the focus returns to the button. */
export function SaveMenu({ items, what }: { items: readonly SaveItem[]; what: string }) {
  const [open, setOpen] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (event.target instanceof Node && box.current && !box.current.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const choose = async (item: SaveItem) => {
    close();
    try {
      await item.act();
      setFailure(null);
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <div
      ref={box}
      className={css.menu}
      onKeyDown={(event) => {
        if (event.key === "Escape" && open) close();
      }}
    >
      <button
        ref={opener}
        type="button"
        className={css.button}
        aria-expanded={open}
        aria-label={`Save ${what}`}
        onClick={() => setOpen(!open)}
      >
        Save ▾
      </button>
      {open && (
        <div className={css.items}>
          {items.map((item) => (
            <button key={item.text} type="button" className={css.button} onClick={() => void choose(item)}>
              {item.text}
            </button>
          ))}
        </div>
      )}
      {failure !== null && (
        <span className={css.message} role="alert">
          Not saved: {failure}
        </span>
      )}
    </div>
  );
}
