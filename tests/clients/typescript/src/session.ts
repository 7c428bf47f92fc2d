// The tokens of one account, in the memory of a page. Every client has its own.

/** The tokens that `login` and `refresh` return. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string | null | undefined;
}

export class Session {
  #tokens: Tokens | undefined;
  #running: Promise<boolean> | undefined;
  #renewals = 0;

  /** The `authorization` header of a request; undefined before the first login. */
  get authorization(): string | undefined {
    return this.#tokens && `Bearer ${this.#tokens.accessToken}`;
  }

  /** The number of times the access token was refreshed. */
  get renewals(): number {
    return this.#renewals;
  }

  keep(tokens: Tokens): void {
    this.#tokens = tokens;
  }

  /** Refreshes the tokens, once for all concurrent callers: whether it succeeded. */
  renew(refresh: (refreshToken: string) => Promise<Tokens | null | undefined>): Promise<boolean> {
    this.#running ??= this.#run(refresh).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(refresh: (refreshToken: string) => Promise<Tokens | null | undefined>): Promise<boolean> {
    const refreshToken = this.#tokens?.refreshToken;
    const tokens = refreshToken ? await refresh(refreshToken) : null;
    if (!tokens) {
      return false;
    }
    this.#tokens = tokens;
    this.#renewals += 1;
    return true;
  }
}
