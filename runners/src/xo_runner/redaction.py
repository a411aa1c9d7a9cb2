"""Blacks out secrets in everything that leaves the pod: by value, in many forms, and by pattern."""

from __future__ import annotations

import base64
import json
import re
import threading
import urllib.parse
from collections.abc import Iterable
from pathlib import Path

MASK = "[redacted]"
# Shorter values are words that any text may hold.
SHORTEST = 4
# Longer words that any text may hold, and that nobody keeps as a secret.
WORDS = {"true", "false", "null", "none"}

PATTERNS = [
    re.compile(r"\b[th]skey-[A-Za-z0-9-]{6,}"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    re.compile(r"(?i)\bauthorization\s*[:=]\s*(?:(?:bearer|basic)\s+)?[^\s\"',]+"),
    re.compile(r"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{8,}"),
]


class Redactor:
    """Counts what it blacks out."""

    def __init__(self, values: Iterable[str]) -> None:
        forms: set[str] = set()
        for value in values:
            for candidate in {value, value.strip(), *value.splitlines()}:
                if len(candidate) >= SHORTEST and candidate.lower() not in WORDS:
                    forms |= _forms(candidate)
        # The longest first: a form may hold another one.
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._values = re.compile("|".join(map(re.escape, longest_first))) if forms else None
        self._lock = threading.Lock()
        self.count = 0

    def text(self, text: str) -> str:
        found = 0
        if self._values is not None:
            text, found = self._values.subn(MASK, text)
        for pattern in PATTERNS:
            text, hits = pattern.subn(MASK, text)
            found += hits
        if found:
            with self._lock:
                self.count += found
        return text


def mounted(*directories: Path) -> list[str]:
    """The content of every file, text or not."""
    return [
        file.read_bytes().decode("utf-8", errors="surrogateescape")
        for directory in directories
        if directory.is_dir()
        for file in sorted(directory.rglob("*"))
        if file.is_file()
    ]


def _forms(value: str) -> set[str]:
    raw = value.encode("utf-8", errors="surrogateescape")
    forms = {value, raw.hex(), raw.hex().upper()}
    forms.add(json.dumps(value, ensure_ascii=True)[1:-1])
    forms.add(json.dumps(value, ensure_ascii=False)[1:-1])
    forms.add(repr(value)[1:-1])
    for quoted in (urllib.parse.quote(raw, safe=""), urllib.parse.quote(raw), urllib.parse.quote_plus(raw)):
        forms |= {quoted, re.sub(r"%[0-9A-F]{2}", lambda match: match.group().lower(), quoted)}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(raw).decode()
        forms |= {text, text.rstrip("=")}
        # Inside something larger that was encoded as a whole: at each of the three alignments, without the characters
        # at both ends, which depend on the neighbours.
        for shift in range(3):
            inner = encode(b"\0" * shift + raw).decode().rstrip("=")[(0, 2, 3)[shift] : -1]
            if len(inner) >= 2 * SHORTEST:
                forms.add(inner)
    return {form for form in forms if len(form) >= SHORTEST}
