// What the page of accounts shows: search, filters, order and page. It is kept in memory while other pages are open,
// until another account signs in.
import { reactive, watch } from "vue";

import { session } from "../api/session";
import { usePages } from "./usePages";
import type { View } from "./usersFilter";

const INITIAL = (): View => ({ search: "", state: "any", role: "", order: { field: "USERNAME", direction: "ASC" } });

export const view = reactive(INITIAL());
export const pages = usePages();

let owner: string | undefined;
watch(
  () => session.viewer?.user.id,
  (id) => {
    if (id !== undefined && owner !== undefined && id !== owner) {
      Object.assign(view, INITIAL());
      pages.first();
    }
    owner = id ?? owner;
  },
  { immediate: true },
);
