"""A QR code as a picture: for a terminal's registration, for a title on the touch panel."""

import qrcode
from qrcode.image.svg import SvgPathFillImage


def drawn(text: str, *, size: int) -> bytes:
    """Draw text as SVG, black on white with its quiet zone; ``size`` is a module's side in tenths of a millimetre."""
    return qrcode.make(text, image_factory=SvgPathFillImage, box_size=size).to_string()
