import { messageOf } from "@basin/contracts";
/** What a search, a race or a stopping rule did wrong: it would do so again from the same events. */
export class SearchFault extends Error {
  override readonly name = "SearchFault";
}

/** What `decide` returns; what it throws as a SearchFault. */
export function faultless<T>(decide: () => T): T {
  try {
    return decide();
  } catch (error) {
    throw new SearchFault(`the search failed: ${messageOf(error)}`, { cause: error });
  }
}
