//! Images of a page: what is below and above text, and scans.

use std::collections::HashSet;

use hayro_interpret::{BlendMode, FillRule, Image, ImageDrawProps};
use kurbo::{Point, Rect, Shape as _};

use super::super::canvas::Paint;
use super::super::glyph::{Drawn, Glyph};
use super::super::raster::Source;
use super::{Picture, Place, Recorder, is_rect};
use crate::document::read_text::HiddenReason;

impl Recorder {
    /// The images that are below text, or above it with transparent parts. Decoding the others would be wasted time.
    pub(crate) fn images_at_text(&self) -> HashSet<usize> {
        let meets = |image: &Picture, glyph: &Glyph, place: &Place| {
            let middle = Point::new(f64::midpoint(glyph.x0, glyph.x1), glyph.y - 0.3 * glyph.size);
            glyph.angle == 0 && image.area.contains(middle) && (image.time <= place.time || image.masked)
        };
        let at_text = self.images.iter().enumerate().filter(|(_, image)| {
            let mut glyphs = self.drawn.glyphs.iter().zip(&self.places);
            glyphs.any(|(glyph, place)| meets(image, glyph, place))
        });
        let sources = at_text.map(|(index, image)| (index, image.source));
        self.rasters.borrow().affordable(sources).into_iter().collect()
    }

    /// A scanned page has a layer of invisible text that repeats what its image shows.
    pub(super) fn read_scan(&mut self) {
        let letters = |hidden: bool, drawn: &Drawn| -> usize {
            let glyphs = drawn.glyphs.iter().filter(|glyph| !glyph.is_blank());
            glyphs.filter(|glyph| is_layer(glyph) == hidden).count()
        };
        let (seen, layer) = (letters(false, &self.drawn), letters(true, &self.drawn));
        // An empty image has few bytes, a page of text has more than its letters.
        let bytes: usize = self.images.iter().map(|image| image.bytes).sum();
        if layer == 0 || seen * 10 > layer || self.drawn.images < 0.6 || bytes < 2 * layer {
            return;
        }
        for glyph in self.drawn.glyphs.iter_mut().filter(|glyph| is_layer(glyph)) {
            let middle = Point::new(f64::midpoint(glyph.x0, glyph.x1), glyph.y - 0.3 * glyph.size);
            if glyph.angle != 0 || self.images.iter().any(|image| image.area.contains(middle)) {
                glyph.hidden = None;
            }
        }
    }

    /// Records an image and paints what is known of it.
    pub(super) fn image(&mut self, image: &Image<'_, '_>, props: &ImageDrawProps<'_>) {
        self.time += 1;
        let (width, height) = (image.width(), image.height());
        let corners = Rect::new(0.0, 0.0, f64::from(width), f64::from(height)).to_path(0.1);
        let path = props.transform * corners;
        let bounds = path.bounding_box();
        let spans = self.clipped(if is_rect(&path) {
            self.canvas.spans_of_rect(bounds)
        } else {
            self.canvas.spans_of_path(&path, FillRule::NonZero)
        });
        let group = self.group();
        let plain = group.plain && props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        let unknown = Paint {
            rgb: None,
            alpha: group.opacity,
            plain: false,
        };
        let Image::Raster(raster) = image else {
            self.canvas.paint(&spans, unknown, self.time);
            return;
        };
        let seen = self
            .page
            .intersect(self.clips.last().map_or(self.page, |clip| clip.bounds))
            .intersect(bounds);
        let dict = raster.stream().dict();
        let masked = ["SMask", "Mask", "SMaskInData"]
            .iter()
            .any(|key| dict.contains_key(key));
        let decodes = self.decoded.contains(&self.images.len());
        self.images.push(Picture {
            area: seen,
            bytes: raster.stream().raw_data().len(),
            source: Source::of(raster),
            time: self.time,
            masked,
        });
        if !plain || !decodes || spans.is_empty() {
            let paint = Paint {
                plain: plain && !masked,
                ..unknown
            };
            self.canvas.paint(&spans, paint, self.time);
            return;
        }
        let Some(raster) = self.rasters.borrow_mut().decode(raster) else {
            self.canvas.paint(&spans, unknown, self.time);
            return;
        };
        let to_pixel = props.transform.inverse();
        self.canvas.paint_with(&spans, self.time, |point| {
            let point = to_pixel * point;
            match raster.at(point.x / f64::from(width), point.y / f64::from(height)) {
                Some([red, green, blue, alpha]) => {
                    let alpha = f32::from(alpha) / 255.0;
                    (Some([red, green, blue]), alpha * group.opacity)
                }
                None => (None, group.opacity),
            }
        });
    }
}

/// Whether the glyph may belong to the layer of text that a scanner adds.
fn is_layer(glyph: &Glyph) -> bool {
    matches!(glyph.hidden, Some(HiddenReason::Transparent | HiddenReason::Covered))
}
