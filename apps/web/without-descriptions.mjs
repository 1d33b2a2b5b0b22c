// A loader of the build: takes out of the contracts' routes what only the API's documentation says, so that no browser loads it.
const text = String.raw`(?:"(?:[^"\\]|\\.)*"|\`(?:[^\`\\$]|\\.)*\`)`;
const description = new RegExp(String.raw`\s*\.describe\(\s*${text},?\s*\)`, "g");
const summary = new RegExp(String.raw`^\s*summary:\s*${text},$`, "gm");

export default (source) => source.replace(description, "").replace(summary, "");
