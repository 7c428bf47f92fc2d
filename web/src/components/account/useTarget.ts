// The page to which a sign-in returns, and the way there.
import { computed, watch } from "vue";
import { useRoute, useRouter } from "vue-router";

import { can, isSignedIn } from "../../api/session";
import { pagePath } from "../../lib/target";

/** Opens the page as soon as the person is signed in, by this page or in another tab. Returns the query for links. */
export function useTarget() {
  const route = useRoute();
  const router = useRouter();
  const target = computed(() => pagePath(route.query["to"], router));
  watch(
    isSignedIn,
    (isIn) => {
      if (isIn) {
        void router.replace(target.value ?? (can("MATCH_RESUME") ? "/match" : "/account"));
      }
    },
    { immediate: true },
  );
  return computed(() => (target.value ? { to: target.value } : {}));
}
