import { expect, it } from "vitest";
import { schemaFields } from "../catalog/schema-fields";
import { readValue, writeValue } from "./field-text";

it("reads a list of objects as JSON and writes it back, through what its schema refers to", () => {
  const [field] = schemaFields({
    properties: { first: { type: "array", items: { $ref: "#/$defs/Configuration" } } },
    $defs: { Configuration: { type: "object" } },
  });
  expect(field?.kind).toBe("objects");
  const text = '[{"learningRate":0.01,"hiddenLayers":[8,8]},{"learningRate":0.1}]';
  const read = readValue(field!, text);
  expect(read).toEqual({ value: JSON.parse(text) as unknown });
  expect(writeValue("value" in read ? read.value : null, field?.kind)).toBe(text);
  for (const wrong of ["learningRate: 0.01", "[0.01]", '{"learningRate": 0.01}'])
    expect(readValue(field!, wrong)).toEqual({ message: 'write a list in JSON, e.g. [{"learningRate": 0.01}]' });
});
