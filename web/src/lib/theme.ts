// Light or dark: as the system, or as the person chose. Only the choice is stored.
import { computed, ref, watchEffect } from "vue";

import { readStored, store } from "./storage";

export type Theme = "system" | "light" | "dark";

const KEY = "portcullis-theme";
const stored = readStored(KEY);
const dark = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = ref(dark.matches);
dark.addEventListener("change", (event) => {
  systemIsDark.value = event.matches;
});

export const theme = ref<Theme>(stored === "light" || stored === "dark" ? stored : "system");

/** Whether the page is dark now. */
export const isDark = computed(() => theme.value === "dark" || (theme.value === "system" && systemIsDark.value));

watchEffect(() => {
  document.documentElement.dataset["theme"] = isDark.value ? "dark" : "light";
  store(KEY, theme.value === "system" ? null : theme.value);
});
