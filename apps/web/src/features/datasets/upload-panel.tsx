"use client";
import { type UploadOptions } from "@basin/client";
import { datasetMaxBytes } from "@basin/contracts";
import { Button, Progress } from "@mantine/core";
import { useRef, useState } from "react";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import css from "./datasets.module.css";
import { useUpload, type Upload } from "./use-upload";
import { WritingOptions } from "./writing-options";

/** Takes files by drag and drop or by a file dialog, and tells what became of each. */
export function UploadPanel() {
  const { uploads, send } = useUpload();
  const [over, setOver] = useState(false);
  const [options, setOptions] = useState<UploadOptions>({});
  const input = useRef<HTMLInputElement>(null);
  return (
    <Panel title="Upload" note={`CSV or NPZ, at most ${datasetMaxBytes / 1024 / 1024} MB`}>
      <div
        className={css.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          send([...event.dataTransfer.files], options);
        }}
      >
        <p>Drop files here: a table with a header line (comma, semicolon or tab), or arrays saved by numpy.savez.</p>
        <Button variant="default" onClick={() => input.current?.click()}>
          Choose files …
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept=".csv,.tsv,.txt,.npz"
          aria-label="Files to upload"
          onChange={(event) => {
            send([...(event.target.files ?? [])], options);
            event.target.value = "";
          }}
        />
      </div>
      <WritingOptions options={options} onChange={setOptions} />
      {uploads.map((upload) => (
        <UploadLine key={upload.file} upload={upload} />
      ))}
    </Panel>
  );
}

function UploadLine({ upload: { file, share, dataset, failure } }: { upload: Upload }) {
  if (failure)
    return (
      <div className={css.failure} role="alert">
        <strong>{file} was not stored.</strong>
        {failure.issues.length === 0 ? (
          <p>{failure.message}</p>
        ) : (
          <ul>
            {failure.issues.map(({ path, message, hint }) => (
              <li key={`${path} ${message}`}>
                {message}
                {hint !== undefined && <span className={css.hint}> {hint}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
    );
  return (
    <div className={css.upload} role="status">
      {dataset ? (
        <>
          <PageLink href={`/datasets/${dataset.id}`}>{dataset.name}</PageLink> is there: {dataset.rows} rows,{" "}
          {dataset.columns.length + dataset.arrays.length} {dataset.format === "csv" ? "columns" : "arrays"}
          {dataset.missing.count > 0 && `, ${dataset.missing.count} missing values`}.
        </>
      ) : (
        <>
          {share < 1 ? `Sending ${file}` : `Reading ${file}`}
          <Progress value={share * 100} aria-label={`Upload of ${file}`} animated={share === 1} />
        </>
      )}
    </div>
  );
}
