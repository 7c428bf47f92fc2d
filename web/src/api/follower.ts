// The stream by which the server reports changes of the account and the end of the session.
import type { SessionViewerFragment } from "../gql/graphql";
import type { SessionServer, StreamEnd } from "./session-types";

/** Milliseconds. A stream that ends sooner after its start is not to be followed by another at once. */
const SHORT = 1_000;

interface Handler {
  next(viewer: SessionViewerFragment): void;
  /** The stream has ended otherwise than by `stop`. */
  end(isShort: boolean, reason?: StreamEnd): void;
}

export function createFollower(server: Pick<SessionServer, "follow">, handler: Handler) {
  let current: { stop(): void } | undefined;

  /** Opens a stream with the present cookies. One that is open already ends when the new one has begun. */
  function start(): void {
    let before = current;
    const startedAt = Date.now();
    const stopBefore = (): void => {
      before?.stop();
      before = undefined;
    };
    let stop = (): void => undefined;
    const own = {
      stop: () => {
        stopBefore();
        stop();
      },
    };
    current = own;
    stop = server.follow({
      next(viewer) {
        if (current === own) {
          stopBefore();
          handler.next(viewer);
        }
      },
      end(reason) {
        if (current === own) {
          stopBefore();
          current = undefined;
          handler.end(Date.now() - startedAt < SHORT, reason);
        }
      },
    });
  }

  return {
    start,
    stop(): void {
      current?.stop();
      current = undefined;
    },
    isOpen: () => current !== undefined,
  };
}
