// The sign-in of the console and the fetcher that GraphiQL sends its requests with. The tokens live in this closure
// only: nothing of them is stored, so closing or reloading the page ends the session here.
(() => {
  "use strict";

  const ENDPOINT = "/graphql";
  const element = (id) => document.getElementById(id);
  const TOKENS = "tokens { accessToken expiresIn refreshToken } user { username roles } errors { code message }";

  let session = null;
  let renewing = null;

  /** Sends one operation; the answer is the GraphQL response, whatever its status. */
  async function send(params, headers) {
    const response = await fetch(ENDPOINT, {
      method: "POST",
      headers: {
        accept: "application/graphql-response+json, application/json;q=0.9",
        "content-type": "application/json",
        // For users who signed in with cookies.
        "x-portcullis-csrf": "1",
        ...headers,
      },
      body: JSON.stringify(params),
    });
    return { status: response.status, answer: await response.json() };
  }

  /** Sends without a token of the console. For users who signed in with cookies, 401 means that one must be renewed. */
  async function sendWithCookies(params, headers) {
    const first = await send(params, headers);
    if (first.status !== 401 || carriesToken(headers)) {
      return first;
    }
    await send({ query: "mutation Renew { refresh(input: {}) { expiresIn } }" }, {});
    return send(params, headers);
  }

  const carriesToken = (headers) => Object.keys(headers).some((name) => name.toLowerCase() === "authorization");

  function show() {
    element("guest").hidden = element("open").hidden = session !== null;
    element("user").hidden = element("close").hidden = session === null;
    if (session) {
      element("username").textContent = session.user.username;
      element("avatar").textContent = [...session.user.username][0].toUpperCase();
      const chips = session.user.roles.map((role) => {
        const chip = document.createElement("span");
        chip.className = "chip";
        chip.textContent = role;
        return chip;
      });
      element("roles").replaceChildren(...chips);
    }
  }

  function notify(text) {
    element("notice").textContent = text;
    element("notice").hidden = text === "";
  }

  /** Takes the payload of `login` or `refresh`; a text tells what is wrong with it. */
  function enter(payload) {
    const error = payload?.errors?.[0];
    if (error || !payload?.tokens) {
      return error?.message ?? "The server did not return a token.";
    }
    session = {
      user: payload.user ?? session?.user,
      token: payload.tokens.accessToken,
      refreshToken: payload.tokens.refreshToken ?? null,
      // A little early, so that no request leaves with a token that ends on its way.
      renewAt: Date.now() + Math.max(payload.tokens.expiresIn - 30, 5) * 1000,
    };
    notify("");
    show();
    return "";
  }

  async function signIn(username, password) {
    const query = `mutation SignIn($input: LoginInput!) { login(input: $input) { ${TOKENS} } }`;
    const { answer } = await send({ query, variables: { input: { username, password } } }, {});
    return answer.data?.login ? enter(answer.data.login) : (answer.errors?.[0]?.message ?? "The server did not respond.");
  }

  function leave(reason) {
    session = null;
    show();
    notify(reason);
  }

  async function signOut() {
    const token = session?.token;
    leave("");
    if (token) {
      await send({ query: "mutation SignOut { logout { endedSessions } }" }, { authorization: `Bearer ${token}` });
    }
  }

  /** Gets a new access token; requests that wait for one share it, since a refresh token works once. */
  function renew() {
    renewing ??= (async () => {
      const query = `mutation Renew($input: RefreshInput!) { refresh(input: $input) { ${TOKENS} } }`;
      const variables = { input: { refreshToken: session.refreshToken } };
      try {
        const { answer } = await send({ query, variables }, {});
        return enter(answer.data?.refresh) === "";
      } catch {
        return false;
      } finally {
        renewing = null;
      }
    })();
    return renewing;
  }

  /** What GraphiQL calls. A token in its own Headers tab goes first. */
  async function fetcher(params, options) {
    const own = options?.headers ?? {};
    const signed = session !== null && !carriesToken(own);
    if (!signed) {
      return (await sendWithCookies(params, own)).answer;
    }
    if (session.refreshToken && Date.now() > session.renewAt) {
      await renew();
    }
    const attempt = () => send(params, { ...own, authorization: `Bearer ${session.token}` });
    let { status, answer } = await attempt();
    if (status === 401 && session?.refreshToken && (await renew())) {
      ({ status, answer } = await attempt());
    }
    if (status === 401) {
      leave("Your session has ended. Sign in again.");
    }
    return answer;
  }

  async function describe() {
    const { answer } = await sendWithCookies({ query: "{ service { name version ready } }" }, {});
    const service = answer.data?.service;
    if (!service) {
      return;
    }
    element("version").textContent = service.version;
    element("state").textContent = service.ready ? "ready" : "not ready";
    element("state").classList.toggle("down", !service.ready);
    element("version").hidden = element("state").hidden = false;
  }

  function listen() {
    const panel = element("panel");
    element("open").addEventListener("click", () => {
      element("problem").hidden = true;
      panel.showModal();
    });
    element("cancel").addEventListener("click", () => panel.close());
    panel.addEventListener("close", () => {
      element("password").value = "";
    });
    element("close").addEventListener("click", () => {
      signOut().catch(() => notify("Signed out locally, but the server could not be reached."));
    });
    element("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      element("submit").disabled = true;
      let problem;
      try {
        problem = await signIn(element("name").value, element("password").value);
      } catch {
        problem = "The server cannot be reached.";
      }
      element("submit").disabled = false;
      element("problem").textContent = problem;
      element("problem").hidden = problem === "";
      if (problem === "") {
        panel.close();
      }
    });
  }

  // Queries may hold passwords and personal texts: they survive a reload, and nothing else.
  const storage = {
    getItem: (key) => sessionStorage.getItem(key),
    setItem: (key, value) => sessionStorage.setItem(key, value),
    removeItem: (key) => sessionStorage.removeItem(key),
    clear: () => sessionStorage.clear(),
    get length() {
      return sessionStorage.length;
    },
  };

  const WELCOME = `# Ctrl-Enter runs the operation at the cursor.
# Sign in to use what your roles allow.

{
  service {
    name
    version
    ready
  }
}
`;

  listen();
  show();
  describe().catch(() => notify("The server cannot be reached."));
  const { GraphiQL, React, ReactDOM } = window;
  ReactDOM.createRoot(element("graphiql")).render(
    React.createElement(
      GraphiQL,
      { fetcher, storage, defaultQuery: WELCOME, shouldPersistHeaders: false },
      React.createElement(GraphiQL.Logo, null, " "),
    ),
  );
})();
