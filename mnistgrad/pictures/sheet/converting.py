"""What vl-convert draws. It holds Python's lock all the while, 40 to 240 ms, so a server has it in a process of its own."""

from typing import Any

import vl_convert

from mnistgrad.common.beside import Standing, Tell
from mnistgrad.pictures.palette import FONTS

vl_convert.register_font_directory(str(FONTS))
_converter = Standing()


def svg_of(spec: dict[str, Any], version: str) -> str:
    """Of a chart, its specification in a version of Vega-Lite."""
    return _converter.carry_out(_svg, spec, version)


def png_of(svg: str, scale: float, dots: float) -> bytes:
    """dots: an inch."""
    return _converter.carry_out(_png, svg, scale, dots)


def pdf_of(svg: str) -> bytes:
    return _converter.carry_out(_pdf, svg)


def script_of(snippet: str, version: str) -> str:
    """What the snippet uses, with a version of Vega-Lite and what that needs, as one script."""
    return _converter.carry_out(_script, snippet, version)


def _svg(tell: Tell, spec: dict[str, Any], version: str) -> str:
    return vl_convert.vegalite_to_svg(spec, vl_version=version)


def _png(tell: Tell, svg: str, scale: float, dots: float) -> bytes:
    return vl_convert.svg_to_png(svg, scale=scale, ppi=dots)


def _pdf(tell: Tell, svg: str) -> bytes:
    return vl_convert.svg_to_pdf(svg)


def _script(tell: Tell, snippet: str, version: str) -> str:
    return vl_convert.javascript_bundle(snippet, vl_version=version)
