//! Text of a DOCX: the header of the first page, the paragraphs of the main document part in order, the footer, and the
//! notes (ECMA-376, part 1, 17).
//!
//! `package` reads the parts, `style` the formats that decide whether text is visible, `numbering` which paragraphs are
//! list items, `outline` what must be known before the text is read, `flow` where paragraphs begin and end, and `body` the
//! text.

mod body;
mod flow;
mod format;
mod numbering;
mod outline;
mod package;
mod style;

use self::body::Body;
use self::flow::Context;
use self::format::Ground;
use self::package::{Package, Relations};
use super::colour::Colour;
use super::text_builder::{Gap, TextBuilder};
use super::{DocumentError, HiddenReason, ReadText};

pub(super) fn text(bytes: &[u8]) -> Result<ReadText, DocumentError> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part()?;
    let relations = package.relations(&main)?;
    let markup = package.part(&main)?.ok_or_else(package::no_docx)?;
    let outline = outline::read(&markup)?;
    let mut optional = |kind: &str| match relations.of_kind(kind) {
        Some(part) => package.part(part),
        None => Ok(None),
    };
    let styles = optional("/styles")?.map(|part| style::read(&part)).transpose()?;
    let numbering = optional("/numbering")?.map(|part| numbering::read(&part)).transpose()?;
    let shows_background = optional("/settings")?.is_some_and(|part| part.contains("displayBackgroundShape"));
    let notes = [optional("/footnotes")?, optional("/endnotes")?];
    let comments = optional("/comments")?;
    let mut context = Context {
        styles: styles.unwrap_or_default(),
        numbering: numbering.unwrap_or_default(),
        page: match outline.background {
            Some(colour) if shows_background => Ground::Known(colour),
            // Programs differ in whether they show it.
            Some(_) => Ground::Unknown,
            None => Ground::Known(Colour::WHITE),
        },
        tightest: None,
    };
    context.tightest = Body::new(&context, &outline.backdrops, 0.0).measure(&markup)?;

    let mut read = ReadText::default();
    let mut text = TextBuilder::default();
    let section = &outline.section;
    let covered = add_part(
        &mut package,
        &relations,
        section.header(),
        &context,
        &mut text,
        &mut read,
    )?;
    Body::new(&context, &outline.backdrops, covered).read(&markup, &mut text, &mut read)?;
    add_part(
        &mut package,
        &relations,
        section.footer(),
        &context,
        &mut text,
        &mut read,
    )?;
    for part in notes.into_iter().flatten() {
        text.separate(Gap::Blank);
        Body::new(&context, &[], 0.0).read(&part, &mut text, &mut read)?;
    }
    if let Some(part) = comments {
        let mut comments = TextBuilder::default();
        Body::new(&context, &[], 0.0).read(&part, &mut comments, &mut ReadText::default())?;
        read.hide(HiddenReason::Comment, &comments.finish());
    }
    read.text = text.finish();
    Ok(read)
}

/// Reads a header or a footer. Returns where the last shape ends that it draws on the page, in points.
fn add_part(
    package: &mut Package<'_>,
    relations: &Relations,
    id: Option<&str>,
    context: &Context,
    text: &mut TextBuilder,
    read: &mut ReadText,
) -> Result<f32, DocumentError> {
    let Some(name) = id.and_then(|id| relations.with_id(id)) else {
        return Ok(0.0);
    };
    let Some(markup) = package.part(name)? else {
        return Ok(0.0);
    };
    let outline = outline::read(&markup)?;
    text.separate(Gap::Blank);
    Body::new(context, &outline.backdrops, 0.0).read(&markup, text, read)?;
    text.separate(Gap::Blank);
    let ends = outline.backdrops.iter().flatten().map(|backdrop| backdrop.end);
    Ok(ends.fold(0.0, f32::max))
}

#[cfg(test)]
mod tests;
