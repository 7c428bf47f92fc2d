//! Characters of glyphs that only the character collection of their font names, as in Chinese files of XeLaTeX: the font
//! is of the collection Adobe-GB1, and the file has no table of its characters.

use std::sync::LazyLock;

use hayro_interpret::font::OutlineGlyph;
use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, load_embedded};

/// The registry and ordering of a font as its strings begin with them, and the characters of the collection.
static COLLECTIONS: [(&[u8], LazyLock<Option<CMap>>); 4] = [
    (b"AdobeGB1", LazyLock::new(|| characters(CMapName::AdobeGb1Ucs2))),
    (b"AdobeCNS1", LazyLock::new(|| characters(CMapName::AdobeCns1Ucs2))),
    (b"AdobeJapan1", LazyLock::new(|| characters(CMapName::AdobeJapan1Ucs2))),
    (b"AdobeKorea1", LazyLock::new(|| characters(CMapName::AdobeKorea1Ucs2))),
];

/// The part of a font in which its strings begin.
const HEAD: usize = 2048;

fn characters(name: CMapName<'static>) -> Option<CMap> {
    CMap::parse(load_embedded(name)?, load_embedded)
}

/// The character of a glyph of a font of such a collection whose codes are the numbers of the collection, as is usual.
pub(super) fn character(glyph: &OutlineGlyph) -> Option<char> {
    let font = glyph.font_data()?;
    let data = (*font.data).as_ref();
    let head = data.get(..HEAD).unwrap_or(data);
    let collection = COLLECTIONS
        .iter()
        .find(|(name, _)| memchr::memmem::find(head, name).is_some());
    match collection?.1.as_ref()?.lookup_bf_string(glyph.char_code())? {
        BfString::Char(character) => Some(character),
        BfString::String(_) => None,
    }
}
