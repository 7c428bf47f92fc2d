// The predictions of many inputs: requests one after the other, with the predictions so far.
import { shallowReactive } from "vue";

import { type Problem, problemOf } from "../api/errors";
import { pause, recoveryFrom } from "../rank/recovery";
import type { Prediction } from "./api";
import { type Input, type LineProblem, lineOfError } from "./inputs";
import { planRequests } from "./plan";

export interface BatchState {
  phase: "idle" | "running" | "waiting" | "stopped" | "interrupted" | "done";
  inputs: readonly Input[];
  /** The predictions of the first inputs. */
  predictions: readonly Prediction[];
  problem: Problem | null;
  /** A line that the server refuses. */
  refused: LineProblem | null;
  /** The length of a pause that the server asked for, in seconds. */
  pauseSeconds: number;
}

export interface Batch {
  readonly state: Readonly<BatchState>;
  start(inputs: readonly Input[]): Promise<void>;
  /** Stops after the predictions so far; the request under way ends on the server, too. */
  stop(): void;
  /** Forgets the refused line after the inputs were changed. */
  forgetRefusal(): void;
  /** Sends the inputs without a prediction. */
  resume(): Promise<void>;
}

type Send = (inputs: readonly Input[], signal: AbortSignal) => Promise<readonly Prediction[]>;

export const isActive = ({ phase }: Readonly<BatchState>): boolean => phase === "running" || phase === "waiting";

/** The inputs without a prediction. */
export const rest = ({ inputs, predictions }: Readonly<BatchState>): readonly Input[] => inputs.slice(predictions.length);

export function createBatch(send: Send): Batch {
  const state = shallowReactive<BatchState>({
    phase: "idle",
    inputs: [],
    predictions: [],
    problem: null,
    refused: null,
    pauseSeconds: 0,
  });
  let controller = new AbortController();

  function fail(error: unknown, sent: readonly Input[]): void {
    const message = error instanceof Error ? error.message.replace(/^\[GraphQL\] /u, "") : "";
    state.phase = "interrupted";
    state.refused = lineOfError(message, sent) ?? null;
    state.problem = state.refused ? null : problemOf(error);
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let requests = planRequests(rest(state)); requests[0]; requests = requests.slice(1)) {
      for (let isSent = false; !isSent; ) {
        try {
          const predictions = await send(requests[0], signal);
          if (signal.aborted) {
            return;
          }
          state.predictions = [...state.predictions, ...predictions];
          isSent = true;
        } catch (error) {
          if (signal.aborted) {
            return;
          }
          const recovery = recoveryFrom(error, 1);
          if (recovery.kind !== "wait") {
            fail(error, requests[0]);
            return;
          }
          state.pauseSeconds = Math.ceil(recovery.milliseconds / 1000);
          state.phase = "waiting";
          await pause(recovery.milliseconds, signal);
          if (signal.aborted) {
            return;
          }
          state.phase = "running";
        }
      }
    }
    state.phase = "done";
  }

  function resume(): Promise<void> {
    controller.abort();
    controller = new AbortController();
    Object.assign(state, { phase: "running", problem: null, refused: null });
    return run(controller.signal);
  }

  return {
    state,
    start(inputs) {
      Object.assign(state, { inputs, predictions: [] });
      return resume();
    },
    stop() {
      if (isActive(state)) {
        controller.abort();
        state.phase = "stopped";
      }
    },
    forgetRefusal() {
      state.refused = null;
    },
    resume,
  };
}
