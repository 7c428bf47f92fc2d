// The predictions of many inputs: requests one after the other, with the predictions so far.
import { CombinedError } from "@urql/core";
import { shallowReactive } from "vue";

import { type Problem, problemOf } from "../api/errors";
import { pause, recoveryFrom } from "../rank/recovery";
import type { Prediction } from "./api";
import { type Input, type LineProblem, lineOfError } from "./inputs";
import { firstRequest, REQUEST_INPUTS } from "./plan";

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
  /** The most inputs of a request: fewer after the server did not finish one in time. */
  let most = REQUEST_INPUTS;

  function fail(error: unknown, sent: readonly Input[]): void {
    const message = error instanceof Error ? error.message.replace(/^\[GraphQL\] /u, "") : "";
    state.phase = "interrupted";
    state.refused = lineOfError(message, sent) ?? null;
    state.problem = state.refused ? null : problemOf(error);
  }

  /** Prepares another attempt after this error; false if there is none. */
  async function recover(error: unknown, sent: readonly Input[], signal: AbortSignal): Promise<boolean> {
    const isSlow = error instanceof CombinedError && error.graphQLErrors.some(({ extensions }) => extensions["code"] === "TIMEOUT");
    if (isSlow && sent.length > 1) {
      most = Math.ceil(sent.length / 4);
      return true;
    }
    const recovery = recoveryFrom(error, 1);
    if (recovery.kind !== "wait") {
      return false;
    }
    state.pauseSeconds = Math.ceil(recovery.milliseconds / 1000);
    state.phase = "waiting";
    await pause(recovery.milliseconds, signal);
    if (!signal.aborted) {
      state.phase = "running";
    }
    return true;
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let left = rest(state); left.length > 0 && !signal.aborted; left = rest(state)) {
      const request = firstRequest(left, most);
      try {
        const predictions = await send(request, signal);
        if (!signal.aborted) {
          state.predictions = [...state.predictions, ...predictions];
        }
      } catch (error) {
        if (!signal.aborted && !(await recover(error, request, signal))) {
          fail(error, request);
          return;
        }
      }
    }
    if (!signal.aborted) {
      state.phase = "done";
    }
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
