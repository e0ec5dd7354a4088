"""The pixels of a PNG as typst writes it: eight bits, with alpha, not interlaced. No test here."""

import struct
import zlib

WIDE = 4  # bytes of a pixel


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, *how = struct.unpack(">IIBBBBB", png[16:29])
    assert how == [8, 6, 0, 0, 0]
    return width, height


def pixels(png: bytes) -> list[list[bytes]]:
    """Rows of pixels, each red, green, blue and alpha."""
    width, height = size_of(png)
    packed, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw, long = zlib.decompress(packed), width * WIDE
    rows, above = [], bytes(long)
    for start in range(0, height * (long + 1), long + 1):
        above = _unfiltered(raw[start], raw[start + 1 : start + 1 + long], above)
        rows.append([above[i : i + WIDE] for i in range(0, long, WIDE)])
    return rows


def _unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    """A row from what stands in the file and the row above it (PNG, section 9)."""
    if kind == 0:
        return line
    if kind == 2:
        return (
            bytes((a + b) & 255 for a, b in zip(line, above, strict=True)) if any(line) else above
        )
    row, nothing, above = bytearray(WIDE), bytes(WIDE), bytes(WIDE) + above
    for i in range(0, len(line), WIDE):
        if line[i : i + WIDE] == nothing and (
            kind == 1 or (kind == 4 and above[i : i + WIDE] == above[i + WIDE : i + 8])
        ):
            row += row[-WIDE:]  # as the pixel on the left: much of a drawing is flat
            continue
        for n in range(i, i + WIDE):
            row.append((line[n] + _predicted(kind, row[n], above[n + WIDE], above[n])) & 255)
    return bytes(row[WIDE:])


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 3:
        return (left + up) // 2
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
