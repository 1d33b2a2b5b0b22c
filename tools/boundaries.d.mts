export declare const depConstraints: { sourceTag: string; onlyDependOnLibsWithTags: string[] }[];
export declare const boundaries: Record<string, unknown>;
export declare const dependencyCycles: ["error", { ignoreExternal: boolean; maxDepth: number }];
