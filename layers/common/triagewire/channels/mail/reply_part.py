"""The new part of a mail: what the person added above, between or below the quoted mail.

Doubt keeps words: a cut that would leave nothing, or that would drop unquoted text, is not made.
"""

import re

_MOST_INTRODUCTION_LINES = 3
_MOST_INTRODUCTION_CHARACTERS = 500
_MOST_SIGNATURE_LINES = 12
_FEWEST_PROSE_WORDS = 3

# "On Tue, 3 Nov 2026 at 09:12, Front Desk <desk@…> wrote:" and its kin in other languages.
_INTRODUCTION = re.compile(
    r"(?:on|el|le|am|il|em|op|le\s+\w+)\b.{4,300}?"
    r"(?:wrote|escribi[oó]|a\s+écrit|schrieb.{0,80}|ha\s+scritto|escreveu|schreef.{0,80})\s*:\s*",
    re.IGNORECASE | re.DOTALL,
)
_STARTS = re.compile(r"(?:on|el|le|am|il|em|op)\b", re.IGNORECASE)
_CLOCK_OR_YEAR = re.compile(r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b")
_SENTENCE_END = (".", "!", "?")
# "More than 39 degrees" is written like a quotation.
_MORE_THAN = re.compile(r"\s*>\s?=?\s?\d.*")
_DIVIDER = re.compile(
    r"[-_]{2,}\s*(?:original message|mensaje original|message d'origine|"
    r"ursprüngliche nachricht)\s*[-_]{2,}",
    re.IGNORECASE,
)
_HEADER_FROM = re.compile(r"\*?(?:from|de|von|da|van)\s?:\*?\s.+", re.IGNORECASE)
_HEADER_NEXT = re.compile(
    r"\*?(?:sent|date|to|cc|subject|enviado(?: el)?|enviada em|fecha|data|para|asunto|assunto|"
    r"gesendet|datum|an|betreff|envoyé|à|objet|inviato|a|oggetto|verzonden|aan|onderwerp)"
    r"\s?:\*?\s.*",
    re.IGNORECASE,
)
_BLOCK_LINES = 6
_FORWARD = re.compile(
    r"-{2,}\s*(?:forwarded message|mensaje reenviado|weitergeleitete nachricht|"
    r"message transféré|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht)\s*-{2,}|"
    r"(?:begin forwarded message|inicio del mensaje reenviado|début du message transféré|"
    r"anfang der weitergeleiteten nachricht|início da mensagem reencaminhada|"
    r"inizio messaggio inoltrato|begin doorgestuurd bericht)\s?:",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"sent from my .{2,40}|get outlook for \w+|"
    r"(?:sent from|enviado (?:desde|do)|envoyé (?:de|depuis)|von mein\w*|inviato da\w*|"
    r"verstuurd vanaf|verzonden (?:vanaf|met)) (?:\w{1,10} ){0,2}"
    r"(?:iphone|ipad|samsung|galaxy|android|outlook|yahoo|gmail|mail|smartphone|handy|tablet|"
    r"móvil|celular|mobile)\b.{0,40}|enviado desde mi .{2,40}",
    re.IGNORECASE,
)


def reply_part(text: str, *, answers: bool = True) -> str:
    """The mail's own words, or all of the text where they cannot be told apart.

    Of a mail that `answers` nothing, lines like headers are a form's or a copy's: all of it is new.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if _forwards(lines):
        return text.strip()
    lines = _without_header_block(lines) if answers else lines
    lines = _without_quotes(lines)
    lines = _without_signature(lines)
    kept = "\n".join(lines).strip()
    return kept or text.strip()


def _forwards(lines: list[str]) -> bool:
    """Whether a mail is handed on, quoted or not: its reader has not seen it yet. What is handed on
    inside an earlier mail is not.
    """
    for at, line in enumerate(lines):
        if _FORWARD.fullmatch(line.strip()):
            return True
        if line.lstrip().startswith(">") or _earlier_mail_begins(lines, at):
            return False
    return False


def _earlier_mail_begins(lines: list[str], at: int) -> bool:
    return _is_header_block(lines, at) or _DIVIDER.fullmatch(lines[at].strip()) is not None


def _without_header_block(lines: list[str]) -> list[str]:
    """Outlook quotes without marks: everything under its header block is the earlier mail."""
    for at in range(len(lines)):
        if not _earlier_mail_begins(lines, at):
            continue
        above = lines[:at]
        return above if any(each.strip() for each in above) else lines
    return lines


def _is_header_block(lines: list[str], at: int) -> bool:
    """Whether headers of a mail begin here. Two such lines could be a person's own list of days."""
    if not _HEADER_FROM.fullmatch(lines[at].strip()):
        return False
    below = [line.strip() for line in lines[at + 1 : at + 1 + _BLOCK_LINES]]
    return sum(_HEADER_NEXT.fullmatch(line) is not None for line in below) >= 2


def _without_quotes(lines: list[str]) -> list[str]:
    """Drop marked lines and the line that introduces them; unmarked text below them stays."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        if not _is_quoted(lines, at):
            kept.append(line)
        elif at and not lines[at - 1].lstrip().startswith(">"):
            _drop_introduction(kept)
    return kept


def _is_quoted(lines: list[str], at: int) -> bool:
    """Whether a line is marked as quoted. A single one with a number may say "more than"."""
    if not lines[at].lstrip().startswith(">"):
        return False
    around = (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2])
    alone = not any(line.lstrip().startswith(">") for line in around)
    introduced = any(line.rstrip().endswith(":") and _STARTS.match(line) for line in around[:1])
    return not alone or introduced or not _MORE_THAN.fullmatch(lines[at])


def _drop_introduction(kept: list[str]) -> None:
    """The lines that say who wrote when what is quoted below: never a sentence above them."""
    while kept and not kept[-1].strip():
        kept.pop()
    joined = ""
    for count in range(1, min(_MOST_INTRODUCTION_LINES, len(kept)) + 1):
        if len(kept[-count]) > _MOST_INTRODUCTION_CHARACTERS:
            return
        line = kept[-count].strip()
        if not line or (count > 1 and line.endswith(_SENTENCE_END)):
            return
        joined = f"{line} {joined}".strip()
        if _is_introduction(joined):
            del kept[-count:]
            return


def _is_introduction(line: str) -> bool:
    begins = _STARTS.match(line) and _CLOCK_OR_YEAR.search(line)
    return begins is not None and _INTRODUCTION.fullmatch(line) is not None


def _without_signature(lines: list[str]) -> list[str]:
    """Cut at the signature mark `-- ` (RFC 3676 §4.3) when little follows; drop a device's line.

    Mailers drop the space at its end, but people draw such a line too: no sentence is cut below.
    """
    for at, line in enumerate(lines):
        if line not in {"-- ", "--"} or len(lines) - at > _MOST_SIGNATURE_LINES:
            continue
        if line == "-- " or not any(map(_is_prose, lines[at + 1 :])):
            lines = lines[:at]
            break
    end = len(lines)
    while end and (not lines[end - 1].strip() or _DEVICE.fullmatch(lines[end - 1].strip())):
        end -= 1
    return lines[:end]


def _is_prose(line: str) -> bool:
    """Whether a line reads like a sentence: a signature is mostly of names and numbers."""
    small = sum(word[0].isalpha() and not word[0].isupper() for word in line.split())
    wide = sum("\u3040" <= each <= "\uffdc" for each in line)
    return max(small, wide // 2) >= _FEWEST_PROSE_WORDS
