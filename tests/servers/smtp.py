"""A mail server that keeps what it is given, and refuses what it is told to."""

import asyncio
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from queue import Empty, Queue
from threading import Event as ThreadEvent
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers.process import PATIENCE_SECONDS, free_port

TAKEN = "250 OK"


@dataclass
class MailServer:
    """`answers` are given to recipients, one after the other; then everything is taken."""

    port: int = 0
    letters: "Queue[EmailMessage]" = field(default_factory=Queue)
    answers: list[str] = field(default_factory=list)
    after_data: list[str] = field(default_factory=list)
    _holding: "ThreadEvent | None" = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def next_letter(self) -> EmailMessage:
        return self.letters.get(timeout=PATIENCE_SECONDS)

    def is_empty(self) -> bool:
        return self.letters.empty()

    def all_letters(self) -> list[EmailMessage]:
        found = []
        try:
            while True:
                found.append(self.letters.get_nowait())
        except Empty:
            return found

    @contextmanager
    def held(self) -> Iterator[ThreadEvent]:
        """Take letters and never say so; the event tells when there is one."""
        self._holding = ThreadEvent()
        try:
            yield self._holding
        finally:
            self._holding = None

    # Called by aiosmtpd under these names.

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.after_data.pop(0) if self.after_data else TAKEN
        if answer == TAKEN:
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.put(letter)
        if self._holding:
            self._holding.set()
            await asyncio.Event().wait()  # until the client is gone
        return answer


@contextmanager
def serve_mail() -> Iterator[MailServer]:
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
