"use client";
import { routeUrl, type RunDetail } from "@basin/contracts";
import { formatBytes } from "@basin/ui";
import { Button, CopyButton, SegmentedControl } from "@mantine/core";
import { useEffect, useState } from "react";
import { Panel } from "../layout/panel";
import { pythonCode, typeScriptCode } from "./load-code";
import css from "./run.module.css";

/** The run's trained weights as a file, and code that reads it. */
export function LoadCodePanel({ run, family }: { run: RunDetail; family: string }) {
  const [language, setLanguage] = useState<"python" | "typescript">("python");
  const [origin, setOrigin] = useState("http://127.0.0.1:4000");
  useEffect(() => setOrigin(window.location.origin), []);
  const weights = run.artifacts.filter(({ kind }) => kind === "weights").at(-1);
  if (!weights) return null;
  const path = routeUrl("", "getArtifactContent", { params: { artifact: weights.id } });
  const url = `${origin}${path}`;
  const code = language === "python" ? pythonCode(run.id, family, url) : typeScriptCode(url);
  return (
    <Panel
      title="Weights"
      note={`safetensors, ${formatBytes(weights.bytes)}`}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Language of the code"
            data={[
              { value: "python", label: "Python" },
              { value: "typescript", label: "TypeScript" },
            ]}
            value={language}
            onChange={(value) => setLanguage(value === "typescript" ? "typescript" : "python")}
          />
          <CopyButton value={code}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? "Copied" : "Copy code"}
              </Button>
            )}
          </CopyButton>
          <Button size="xs" component="a" href={path} download={`run-${run.id}.safetensors`}>
            Download
          </Button>
        </>
      }
    >
      <pre className={css.code} tabIndex={0} role="region" aria-label="Code that loads the weights">
        {code}
      </pre>
    </Panel>
  );
}
