"""Make the two font files: join fontsource's two subsets, keep weights 400 to 700 and what our pages may write.

What nearly every page writes is in one file, and the rest, such as accented letters, in the other: a browser fetches
that only for a page that has one. `unicode-range` in css/app.css names the same characters.

usage: make_font.py LATIN.woff2 LATIN-EXT.woff2 OUT.woff2 OUT-MORE.woff2      needs fonttools and brotli
"""

import copy
import sys

from fontTools import subset
from fontTools.otlLib.builder import buildLookup, buildSingleSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from fontTools.varLib.instancer import instantiateVariableFont

LATIN, EXT, OUT, OUT_MORE = sys.argv[1:]
KEEP = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), *range(0x1E80, 0x1E86), 0x1E9E, 0x1EF2, 0x1EF3]
KEEP += map(ord, "‘’‚“”„–—…•‹›€™−†")
COMMON = {*range(0x20, 0x7F), 0xA0, 0xA3, 0xB7, 0xBD, 0xD7, 0xE9, *map(ord, "‘’“”–—…•›−")}
DROP = {ord(c) for c in "¤¦¬­¯ªº¸´¨¶ĲĳĿŀŉſ¢¥"}

font, extra = (instantiateVariableFont(TTFont(path, recalcTimestamp=False), {"wght": (400, 700)}) for path in (LATIN, EXT))
glyphs, new = font["glyf"], [g for g in extra.getGlyphOrder() if g not in font["glyf"].glyphs]
bases = {}
for name in new:
    glyph = copy.deepcopy(extra["glyf"][name])
    glyphs[name] = glyph
    font["hmtx"][name] = extra["hmtx"][name]
    font["gvar"].variations[name] = extra["gvar"].variations.get(name, [])
    if glyph.isComposite():
        bases[name] = glyph.components[0].glyphName
font.setGlyphOrder([*font.getGlyphOrder(), *(n for n in new if n not in font.getGlyphOrder())])
for table in font["cmap"].tables:
    table.cmap.update({code: name for code, name in extra.getBestCmap().items() if code not in table.cmap})

# An accented letter is kerned like its base letter.
for lookup in font["GPOS"].table.LookupList.Lookup:
    for pairs in lookup.SubTable if lookup.LookupType == 2 else []:
        if pairs.Format != 2:
            continue
        first, second, covered = pairs.ClassDef1.classDefs, pairs.ClassDef2.classDefs, pairs.Coverage.glyphs
        for name, base in bases.items():
            if base in covered and name not in covered:
                covered.append(name)
            for classes in (first, second):
                if base in classes:
                    classes.setdefault(name, classes[base])
        covered.sort(key=font.getGlyphID)



def without_slash(zero, deltas):
    """The zero with one counter in place of two: the outer line scaled to where the counters reach, and its deltas."""
    points, outer = list(zero.coordinates), zero.endPtsOfContours[0] + 1
    bold = [(x + dx, y + dy) for (x, y), (dx, dy) in zip(points, deltas)]
    inner = [scaled(master[:outer], master[outer:]) for master in (points, bold)]
    plain = copy.deepcopy(zero)
    plain.coordinates = GlyphCoordinates(points[:outer] + inner[0][::-1])
    plain.flags = bytearray(list(zero.flags[:outer]) + list(zero.flags[:outer])[::-1])
    plain.endPtsOfContours, plain.numberOfContours = [outer - 1, 2 * outer - 1], 2
    moved = [(bx - x, by - y) for (x, y), (bx, by) in zip(*inner)]
    return plain, deltas[:outer] + moved[::-1] + deltas[len(points) :]


def scaled(line, counters):
    """The points of a line moved so that it reaches as far as the counters do."""
    ends = [[(min(values), max(values)) for values in zip(*points)] for points in (line, counters)]
    return [
        tuple(round(low + (value - a) * (high - low) / (b - a)) for value, (a, b), (low, high) in zip(point, *ends))
        for point in line
    ]


# Headings write a zero without a slash (`font-feature-settings: "ss01"`); the typeface has none.
(bolder,) = font["gvar"].variations["zero"]
glyphs["zero.plain"], bolder_deltas = without_slash(glyphs["zero"], [delta or (0, 0) for delta in bolder.coordinates])
font["hmtx"]["zero.plain"] = font["hmtx"]["zero"]
font["gvar"].variations["zero.plain"] = [TupleVariation(bolder.axes, bolder_deltas)]
font.setGlyphOrder(list(dict.fromkeys([*font.getGlyphOrder(), "zero.plain"])))
table = font["GSUB"].table
table.LookupList.Lookup.append(buildLookup([buildSingleSubstSubtable({"zero": "zero.plain"})]))
record = otTables.FeatureRecord()
record.FeatureTag, record.Feature = "ss01", otTables.Feature()
record.Feature.FeatureParams, record.Feature.LookupListIndex = None, [len(table.LookupList.Lookup) - 1]
table.FeatureList.FeatureRecord.append(record)
# The subsetter asks for these, which the compiler would count.
record.Feature.LookupCount, table.LookupList.LookupCount = 1, len(table.LookupList.Lookup)
table.FeatureList.FeatureCount = len(table.FeatureList.FeatureRecord)
for script in table.ScriptList.ScriptRecord:
    for system in [script.Script.DefaultLangSys, *(one.LangSys for one in script.Script.LangSysRecord)]:
        system.FeatureIndex.append(len(table.FeatureList.FeatureRecord) - 1)
        system.FeatureCount = len(system.FeatureIndex)

for name in font.getGlyphOrder():
    font["gvar"].variations.setdefault(name, [])
for tag in ("HVAR", "MVAR", "prep", "gasp"):
    if tag in font:
        del font[tag]
wanted = set(KEEP) - DROP
for path, codes in ((OUT, wanted & COMMON), (OUT_MORE, wanted - COMMON)):
    options = subset.Options(layout_features=["kern", "tnum", "ccmp", "ss01"], hinting=False, desubroutinize=True, notdef_outline=True)
    options.name_IDs, options.flavor, options.drop_tables = [0, 1, 2, 3, 4, 5, 6, 13, 14], "woff2", ["DSIG", "STAT"]
    part = copy.deepcopy(font)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(part)
    part.flavor = "woff2"
    part.save(path)
    have = set(TTFont(path).getBestCmap())
    print(path, "characters", len(have), "missing", "".join(sorted(chr(c) for c in codes - have)))
