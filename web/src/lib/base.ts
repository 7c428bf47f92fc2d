/** The path under which the console is served, with a slash at its end: `/`, or the prefix that a proxy adds. */
export const base: string = import.meta.env.DEV ? "/" : new URL(/* @vite-ignore */ "../", import.meta.url).pathname;
