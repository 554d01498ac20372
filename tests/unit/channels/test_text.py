"""From HTML and from quoted mail to a person's own words."""

from time import process_time

import pytest

from triagewire.channels.mail.reply_part import reply_part
from triagewire.channels.reading.html_text import html_to_text

ENGLISH = "On Tue, 3 Nov 2026 at 09:12, Front Desk <desk@riverside.example> wrote:"
SPANISH = "El mar, 3 nov 2026 a las 9:12, Recepción (<desk@riverside.example>) escribió:"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>one</p><p>two</p>", "one\ntwo", id="blocks are lines"),
        pytest.param("a<br/>b<BR>c", "a\nb\nc", id="breaks are lines"),
        pytest.param("<ul><li>one<li>two</ul>", "- one\n- two", id="lists have dashes"),
        pytest.param("<td>38.9</td><td>C</td>", "38.9 C", id="cells do not run together"),
        pytest.param("5 &lt; 6 &amp; caf&eacute;&nbsp;x", "5 < 6 & café x", id="entities"),
        pytest.param("<script>a<b</script>kept", "kept", id="a script is not said"),
        pytest.param("<style>p{}</style>kept", "kept", id="nor is a style"),
        pytest.param("<script>pain all day", "pain all day", id="an open script hides nothing"),
        pytest.param("<!-- note -->kept", "kept", id="nor is a comment"),
        pytest.param("<!-- pain", "<!-- pain", id="an open comment hides nothing"),
        pytest.param("temp <3 days, pain < 5", "temp <3 days, pain < 5", id="comparisons"),
        pytest.param("<blockquote>old</blockquote>new", "> old\nnew", id="quotations are marked"),
        pytest.param('<img alt="my rash">', "my rash", id="a picture's words"),
        pytest.param("<a href='x'>the link", "the link", id="a tag left open"),
        pytest.param("half a tag <b", "half a tag <b", id="half a tag"),
        pytest.param(
            "<head><body>My chest hurts<blockquote><head></head>old</blockquote>",
            "My chest hurts\n> old",
            id="a head left open above a page that is quoted",
        ),
        pytest.param(
            '<blockquote style="margin:0 0 0 40px;border:none">My chest hurts</blockquote>'
            '<blockquote type="cite" style="border: none">old</blockquote>',
            "My chest hurts\n> old",
            id="indented, and quoted",
        ),
    ],
)
def test_html_reads_as_a_person_reads_it(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.parametrize("unit", ["<!--", "<a ", "</", "<![", "<style ", "&#", "<p>", "<script>"])
def test_broken_markup_is_read_in_time_that_grows_with_its_length(unit: str) -> None:
    markup = unit * (400_000 // len(unit))
    started = process_time()

    html_to_text(markup)

    assert process_time() - started < 5


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        pytest.param(f"Yes.\n\n{ENGLISH}\n> Thursday?\n", "Yes.", id="answer above"),
        pytest.param(f"Sí.\n\n{SPANISH}\n> ¿Jueves?\n", "Sí.", id="answer above, in Spanish"),
        pytest.param(
            "Yes.\n\nOn Tue, 3 Nov 2026, Desk\n<d@x.example>\nwrote:\n> Thursday?",
            "Yes.",
            id="an introduction over three lines",
        ),
        pytest.param(f"{ENGLISH}\n> Thursday?\n\nYes.", "Yes.", id="answer below"),
        pytest.param("> Pain?\nYes, worse.\n> Fever?\nNo.", "Yes, worse.\nNo.", id="in between"),
        pytest.param(
            "Yes.\n\n-----Original Message-----\nFrom: Desk\nThursday?", "Yes.", id="a divider"
        ),
        pytest.param(
            "Yes.\n\nFrom: Desk <d@x.example>\nSent: Monday\nTo: Me\nSubject: Visit\n\nThursday?",
            "Yes.",
            id="Outlook's block",
        ),
        pytest.param("Call me.\n-- \nDana\nElm St", "Call me.", id="a signature"),
        pytest.param("Call me.\n\nSent from my iPhone", "Call me.", id="a device's line"),
        pytest.param("Llámeme.\n\nEnviado desde mi iPhone", "Llámeme.", id="in Spanish"),
        pytest.param("Bitte.\n\nVon meinem iPhone gesendet", "Bitte.", id="in German"),
        pytest.param("Merci.\n\nEnvoyé de mon iPhone", "Merci.", id="in French"),
        pytest.param(
            "Oui.\n\nDe : Accueil <d@x.example>\nEnvoyé : mardi\nÀ : Moi\nObjet : RV\n\nJeudi ?",
            "Oui.",
            id="Outlook's block in French",
        ),
        pytest.param(
            "Ja.\n\nVon: Desk <d@x.example>\nGesendet: Montag\nAn: Ich\nBetreff: T\n\nDo?",
            "Ja.",
            id="Outlook's block in German",
        ),
    ],
)
def test_only_the_new_part_of_a_mail_is_taken(mail: str, own: str) -> None:
    assert reply_part(mail) == own


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param("On Monday I wrote:\nmy chest hurts", id="a sentence like an introduction"),
        pytest.param("> my chest hurts", id="a quotation alone"),
        pytest.param("From: Desk\nSent: Monday\nThursday?", id="a forwarded mail alone"),
        pytest.param("From: day one it hurt\nand still does", id="a line like a header"),
        pytest.param("Fever\nFrom: Monday\nTo: Wednesday\nThen chest pain.", id="days"),
        pytest.param("Call me\n\nSent from the hospital at noon", id="a line like a device's"),
        pytest.param(
            "See this.\n\n---------- Forwarded message ---------\nFrom: Lab <l@x.example>\n"
            "Date: Mon\nSubject: Labs\nTo: <me@x.example>\n\nPotassium 6.9",
            id="a forwarded mail",
        ),
        pytest.param(
            "See this.\n\nBegin forwarded message:\n\n> From: Lab <l@x.example>\n> Potassium 6.9",
            id="a forwarded mail, quoted",
        ),
        pytest.param("Fever:\n>39.5 since yesterday\nHelp", id="more than a number"),
        pytest.param("Refill.\n--\nalso my chest hurts a lot", id="a sentence below a line"),
        pytest.param("Refill.\n--\n還有胸口一直很痛", id="a sentence below a line, in Chinese"),
    ],
)
def test_in_doubt_every_word_is_kept(mail: str) -> None:
    assert reply_part(mail) == mail


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_sentence_above_an_introduction_is_kept(between: str) -> None:
    mail = f"Help.\n\nOn Monday I had chest pain.{between}Front Desk wrote:\n> Thursday?"

    assert "On Monday I had chest pain." in reply_part(mail)


def test_a_mail_that_answers_nothing_quotes_nothing_by_lines_like_headers() -> None:
    form = "A new message\n\nFrom: Dana\nDate: today\nSubject: Visit\nMy chest hurts"

    assert reply_part(form, answers=False) == form


def test_introductions_below_a_long_line_are_looked_for_quickly() -> None:
    started = process_time()

    reply_part("On " + "x" * 500_000 + "\n" + "> q\n\n" * 100_000)

    assert process_time() - started < 2


def test_a_long_mail_of_blank_lines_is_read_quickly() -> None:
    started = process_time()

    reply_part("\n" * 300_000 + "> \n" * 100_000)

    assert process_time() - started < 5
