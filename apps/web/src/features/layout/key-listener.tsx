"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { usePreferences } from "./preferences";
import { actOf } from "./shortcuts";

const waitMilliseconds = 1000;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=menu], [role=listbox]") !== null);

/** Single keys that lead to pages; silent where a person types, and where they are turned off. */
export function KeyListener() {
  const router = useRouter();
  const { shortcuts } = usePreferences();
  useEffect(() => {
    if (!shortcuts) return;
    let before: { key: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      const act = actOf(event.key, before && event.timeStamp - before.at < waitMilliseconds ? before.key : null);
      before = act === "wait" ? { key: event.key, at: event.timeStamp } : null;
      if (act === null || act === "wait") return;
      if ("go" in act) {
        event.preventDefault();
        router.push(act.go);
        return;
      }
      const search = document.querySelector<HTMLInputElement>('main input[type="search"]');
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [router, shortcuts]);
  return null;
}
