// The first page of the audit trail, kept up to date while it is visible.
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from "vue";

import { session } from "../api/session";
import { latest } from "../lib/latest";
import type { AuditEvent } from "./auditWords";
import { newEvents } from "./liveEvents";

export interface AuditPageData {
  readonly nodes: readonly AuditEvent[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** The time between two requests, in milliseconds. */
const INTERVAL = 2_000;

/**
 * Asks for the newest page at intervals while `isOn`. The answer is shown at once if the reader would see the new events;
 * otherwise it waits, so that nothing moves under the eyes of the reader.
 */
export function useLiveAudit(
  shown: Ref<AuditPageData | null>,
  isOn: () => boolean,
  isReading: () => boolean,
  read: (signal: AbortSignal) => Promise<AuditPageData>,
) {
  const newest = shallowRef<AuditPageData | null>(null);
  const isVisible = ref(!document.hidden);
  const requests = latest();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isRunning = computed(() => isOn() && isVisible.value && session.isConnected && session.status === "signed-in");
  const waiting = computed(() => (shown.value && newest.value ? newEvents(shown.value.nodes, newest.value.nodes).length : 0));

  async function poll(): Promise<void> {
    const before = shown.value;
    try {
      const page = await requests.run(read);
      // Unless another page was loaded meanwhile.
      if (page && before === shown.value) {
        newest.value = page;
        if (!isReading()) {
          apply();
        }
      }
    } catch {
      // The next request tells; a lost connection is shown by the frame of the page.
    }
    schedule();
  }
  function schedule(): void {
    clearTimeout(timer);
    if (isRunning.value) {
      timer = setTimeout(() => void poll(), INTERVAL);
    }
  }
  /** Shows the newest events. */
  function apply(): void {
    if (waiting.value > 0) {
      shown.value = newest.value;
    }
    newest.value = null;
  }

  watch(
    isRunning,
    (runs) => {
      if (runs) {
        schedule();
      } else {
        clearTimeout(timer);
        requests.cancel();
      }
    },
    { immediate: true },
  );
  // Another page, or other filters: what waits belongs to the old ones.
  watch(shown, () => {
    newest.value = null;
  });
  const onVisibility = (): void => {
    isVisible.value = !document.hidden;
  };
  document.addEventListener("visibilitychange", onVisibility);
  onScopeDispose(() => {
    document.removeEventListener("visibilitychange", onVisibility);
    clearTimeout(timer);
    requests.cancel();
  });
  return { waiting, apply };
}
