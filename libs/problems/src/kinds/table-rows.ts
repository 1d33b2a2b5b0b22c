/** What became of the rows of a table, by their indices from 0; rows in neither list were left out. */
export interface TableRows {
  /** Rows of the table. */
  count: number;
  /** In the order of the problem's training samples. */
  training: Int32Array;
  /** Those that the final figures are taken on. */
  test: Int32Array;
}
