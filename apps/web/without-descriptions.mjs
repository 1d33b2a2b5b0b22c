// A loader of the build: takes out of the contracts' routes what only the API's documentation says, so that no browser loads it.
const description = /\s*\.describe\(\s*(?:"(?:[^"\\]|\\.)*"|`(?:[^`\\$]|\\.)*`),?\s*\)/g;

export default (source) => source.replace(description, "");
