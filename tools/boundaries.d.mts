export declare const depConstraints: { sourceTag: string; onlyDependOnLibsWithTags: string[] }[];
export declare const boundaries: Record<string, unknown>;
