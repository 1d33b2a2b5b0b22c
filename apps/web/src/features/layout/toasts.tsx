"use client";
import { messageOf } from "@basin/contracts";
import { Notifications, notifications } from "@mantine/notifications";

/** Where the answers to a page's commands appear; part of the pages that have commands. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={3} />;
}

export function reportFailure(what: string, error: unknown): void {
  notifications.show({ title: `${what} failed`, message: messageOf(error), color: "red", autoClose: 10_000 });
}

export function reportDone(message: string): void {
  notifications.show({ message, color: "teal", autoClose: 4000 });
}
