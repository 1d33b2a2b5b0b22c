export declare const checkedFolders: readonly string[];
export declare function findCircles(
  folders: readonly string[],
  base?: string,
): Promise<{ circles: string[][]; unresolved: string[]; files: number }>;
