"""The scenario of the client that ariadne-codegen generates: python scenario.py ORIGIN ADMIN_PASSWORD"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import httpx
from portcullis_client import (
    Client,
    GraphQLClientGraphQLMultiError,
    GraphQLClientHttpError,
    LoginInput,
    MatchResumeInput,
    Permission,
    RegisterInput,
    TextSource,
    UserErrorCode,
)
from portcullis_client.base_client import HttpClient
from portcullis_client.login import LoginLoginTokens
from portcullis_client.refresh import RefreshRefreshTokens

Answer = TypeVar("Answer")
PASSWORD = "correct horse battery"
TEXTS = Path(__file__).resolve().parents[2] / "data/matching"


class Account:
    """A client with the tokens of one account."""

    def __init__(self, url: str) -> None:
        # The default of five seconds is too short for a test build on a busy machine.
        self.client = Client(url=url, http_client=cast(HttpClient, httpx.Client(timeout=60)))
        self.tokens: LoginLoginTokens | RefreshRefreshTokens | None = None
        self.renewals = 0

    def login(self, username: str, password: str) -> list[UserErrorCode]:
        # Without the token: an expired one would have the whole request refused.
        login = self.client.login(LoginInput(username=username, password=password)).login
        self.tokens = login.tokens or self.tokens
        return [error.code for error in login.errors]

    @property
    def headers(self) -> dict[str, str]:
        assert self.tokens is not None
        return {"authorization": f"Bearer {self.tokens.access_token}"}

    def ask(self, call: Callable[[dict[str, str]], Answer]) -> Answer:
        """Sends an operation, and once more with a new token if the server refuses the old one."""
        try:
            return call(self.headers)
        except GraphQLClientHttpError as error:
            if error.status_code != 401:
                raise
        assert self.tokens is not None and self.tokens.refresh_token is not None
        refresh = self.client.refresh(self.tokens.refresh_token).refresh
        assert refresh.tokens is not None, refresh.errors
        self.tokens = refresh.tokens
        self.renewals += 1
        return call(self.headers)


def refused(call: Callable[[], object]) -> dict[str, object]:
    """The error of the refused field of a request."""
    try:
        call()
    except GraphQLClientGraphQLMultiError as error:
        [refusal] = error.errors
        return refusal.extensions or {}
    raise AssertionError("it was answered")


def every_page(account: Account) -> list[str]:
    names: list[str] = []
    after: str | None = None
    while True:
        users = account.ask(lambda headers: account.client.users(2, after, headers=headers)).users
        assert users is not None
        names += [edge.node.username for edge in users.edges]
        if not users.page_info.has_next_page:
            return names
        after = users.page_info.end_cursor


def expired(url: str, account: Account) -> None:
    """Waits until the server refuses the token, without the client, so that the client does not notice."""
    with httpx.Client() as other:
        while (other.post(url, json={"query": "{ viewer { user { id } } }"}, headers=account.headers)).is_success:
            time.sleep(0.25)


def main(origin: str, admin_password: str) -> None:
    url = f"{origin}/graphql"
    python = Account(url)
    client = python.client

    registration = RegisterInput(username="python", email="python@example.com", password=PASSWORD)
    assert client.register(registration).register.errors == []
    registration = RegisterInput(username="python", email="other@example.com", password=PASSWORD)
    [problem] = client.register(registration).register.errors
    assert (problem.code, problem.path) == (UserErrorCode.USERNAME_TAKEN, ["input", "username"])
    assert python.login("python", "a wrong password") == [UserErrorCode.INVALID_CREDENTIALS]
    assert python.login("python", PASSWORD) == []

    viewer = python.ask(lambda headers: client.viewer(headers=headers)).viewer
    assert viewer is not None and viewer.user.username == "python"
    assert Permission.MATCH_RESUME in viewer.permissions
    assert viewer.session_expires_at.tzinfo is not None

    text = "Design databases and write the software that fills them."
    predict = python.ask(lambda headers: client.predict("occupation", text, headers=headers)).predict
    assert predict is not None and predict.predictions[0].label in predict.model.labels

    job = (TEXTS / "data-engineer.job.md").read_text()
    sources = MatchResumeInput(
        resume=TextSource(text=(TEXTS / "data-engineer.resume.md").read_text()), job=TextSource(text=job)
    )
    match = python.ask(lambda headers: client.match_resume(sources, headers=headers)).match_resume
    assert match is not None
    assert abs(sum(component.contribution for component in match.components) - match.score) < 1e-6
    span = match.requirements[0].job_span
    assert job.encode("utf-16-le")[span.start * 2 : span.end * 2].decode("utf-16-le") == span.text

    refusal = refused(lambda: python.ask(lambda headers: client.users(2, headers=headers)))
    assert refusal == {"code": "FORBIDDEN", "requires": "READ_USERS"}, refusal
    refusal = refused(lambda: python.ask(lambda headers: client.predict("no-such-model", text, headers=headers)))
    assert refusal == {"code": "MODEL_NOT_FOUND"}, refusal

    admin = Account(url)
    assert admin.login("admin", admin_password) == []
    names = every_page(admin)
    assert len(set(names)) == len(names) and {"admin", "python"} <= set(names), names

    renewals = python.renewals
    expired(url, python)
    viewer = python.ask(lambda headers: client.viewer(headers=headers)).viewer
    assert viewer is not None and viewer.user.username == "python"
    assert python.renewals > renewals


main(*sys.argv[1:])
