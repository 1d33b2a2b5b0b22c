"use client";
import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { reasonParts } from "./trainer-activity";
import css from "./trainers.module.css";

/** Why a trainer runs on its backend and on none that is faster, with the commands that would change that. */
export function BackendReason({ reason }: { reason: string }) {
  const [why, ...others] = reasonParts(reason);
  return (
    <div className={css.reason}>
      {why && <p>{why.text}</p>}
      {others.length > 0 && (
        <ul>
          {others.map(({ text, commands }) => (
            <li key={text}>
              {text}
              {commands.map((command) => (
                <CopyCommand key={command} command={command} />
              ))}
            </li>
          ))}
        </ul>
      )}
      {why?.commands.map((command) => (
        <CopyCommand key={command} command={command} />
      ))}
    </div>
  );
}

function CopyCommand({ command }: { command: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <span className={css.command}>
      <code>{command}</code>
      <Button size="compact-xs" variant="default" onClick={() => clipboard.copy(command)} aria-label={`Copy ${command}`}>
        {clipboard.copied ? "Copied" : "Copy"}
      </Button>
    </span>
  );
}
