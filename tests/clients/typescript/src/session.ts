// The tokens of one account, as a page holds them in memory. Every client keeps its own.

/** What `login` and `refresh` give. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string | null | undefined;
}

export class Session {
  #tokens: Tokens | undefined;
  #running: Promise<boolean> | undefined;
  #renewals = 0;

  /** What a request sends as `authorization`; nothing before the first login. */
  get authorization(): string | undefined {
    return this.#tokens && `Bearer ${this.#tokens.accessToken}`;
  }

  /** How often the access token has been renewed. */
  get renewals(): number {
    return this.#renewals;
  }

  keep(tokens: Tokens): void {
    this.#tokens = tokens;
  }

  /** Gets new tokens, once for all who ask while it runs; whether there are any. */
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
