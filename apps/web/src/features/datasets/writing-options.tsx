import type { UploadOptions } from "@basin/client";
import { NativeSelect, TagsInput } from "@mantine/core";
import css from "./datasets.module.css";

const signs = {
  delimiter: { label: "Delimiter", found: "found in the header", values: ["comma", "semicolon", "tab"] },
  decimal: { label: "Decimal", found: "found in the numbers", values: ["point", "comma"] },
  thousands: { label: "Thousands", found: "not separated", values: ["comma", "point", "space", "apostrophe"] },
} as const;

/** How a table is written, where that cannot be found in it; folded away, since most files need none of it. */
export function WritingOptions({ options, onChange }: { options: UploadOptions; onChange: (options: UploadOptions) => void }) {
  const choose = (key: keyof typeof signs, value: string): void => {
    const { [key]: _, ...others } = options;
    const chosen = signs[key].values.find((one) => one === value);
    onChange(chosen === undefined ? others : { ...others, [key]: chosen });
  };
  return (
    <details className={css.writing}>
      <summary>How numbers are written</summary>
      <div className={css.writingFields}>
        {(Object.keys(signs) as (keyof typeof signs)[]).map((key) => (
          <NativeSelect
            key={key}
            label={signs[key].label}
            data={[{ value: "", label: signs[key].found }, ...signs[key].values]}
            value={options[key] ?? ""}
            onChange={(event) => choose(key, event.currentTarget.value)}
          />
        ))}
        <TagsInput
          label="Texts"
          placeholder={options.texts?.length ? "" : "names of columns"}
          value={[...(options.texts ?? [])]}
          onChange={(texts) => onChange({ ...options, texts })}
          splitChars={[]}
        />
      </div>
      <p className={css.hint}>
        Texts are columns that stay words, whatever they look like: post codes, sizes like 10-20, numbers that name something.
      </p>
    </details>
  );
}
