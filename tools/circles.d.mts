export declare const checkedFolders: readonly string[];
export declare const layeredFolders: readonly string[];
export declare function findCircles(
  folders: readonly string[],
  base?: string,
  layered?: readonly string[],
): Promise<{ circles: string[][]; folders: string[][]; unresolved: string[]; files: number }>;
