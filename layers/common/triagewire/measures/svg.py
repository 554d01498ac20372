"""A drawing as SVG inside a page: no script, no style, nothing to load."""

from collections.abc import Iterator

from triagewire.ledger.paper import safe
from triagewire.measures.drawing import Box, Drawing, Label, Line, Shape


def svg_of(drawing: Drawing, name: str) -> str:
    """The drawing, with its title and description for who does not see it. `name` is an id that no
    other drawing of the page has.
    """
    return "".join(_parts(drawing, name))


def _parts(drawing: Drawing, name: str) -> Iterator[str]:
    yield (
        f'<svg viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-told" font-family="sans-serif">\n'
        f'<title id="{name}-title">{safe(drawing.title)}</title>\n'
        f'<desc id="{name}-told">{safe(drawing.told)}</desc>\n'
    )
    yield from (_shape(each) for each in drawing.shapes)
    yield "</svg>\n"


def _shape(shape: Shape) -> str:
    match shape:
        case Line():
            points = " ".join(f"{_at(x)},{_at(y)}" for x, y in shape.points)
            dashes = ' stroke-dasharray="5 4"' if shape.dashed else ""
            return (
                f'<polyline points="{points}" fill="none" stroke="{shape.tone}" '
                f'stroke-width="{shape.width:g}"{dashes}/>\n'
            )
        case Box():
            return (
                f'<rect x="{_at(shape.x)}" y="{_at(shape.y)}" width="{_at(shape.width)}" '
                f'height="{_at(shape.height)}" fill="{shape.tone}"/>\n'
            )
        case Label():
            return (
                f'<text x="{_at(shape.x)}" y="{_at(shape.y)}" text-anchor="{shape.anchor}" '
                f'font-size="{shape.size:g}" fill="{shape.tone}">{safe(shape.text)}</text>\n'
            )


def _at(value: float) -> str:
    """A place to a tenth: more is not seen."""
    return f"{value:.1f}".removesuffix(".0")
