//! Pixels of the images at text. Each image of a document is decoded once, and kept as small as a page needs it.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, Stream};
use hayro_interpret::{ImageData, LumaData, RasterImage};

/// What may be decoded for one document, in pixels of grey or RGB: about 75 ms.
const MAX_COST: usize = 10_000_000;
/// What a pixel costs that is converted by a profile of four inks, and by a function for each pixel.
const INKS: usize = 3;
const FUNCTION: usize = 8;
/// The largest width and height that is kept. A page has about as many cells.
const MAX_SIDE: u32 = 1600;

/// The images of a document that were decoded, and what may still be decoded.
pub(super) struct Rasters {
    left: usize,
    decoded: HashMap<ObjectIdentifier, Option<Rc<Raster>>>,
}

impl Default for Rasters {
    fn default() -> Self {
        Self {
            left: MAX_COST,
            decoded: HashMap::new(),
        }
    }
}

/// An image as the document stores it: its identity, and what it costs to decode.
#[derive(Clone, Copy)]
pub(super) struct Source {
    /// An image within the content of a page has none.
    id: Option<ObjectIdentifier>,
    cost: usize,
}

impl Source {
    pub(super) fn of(image: &RasterImage<'_>) -> Self {
        let id = image.stream().obj_id();
        let pixels = image.width() as usize * image.height() as usize;
        Self {
            id: (id.obj_number != 0).then_some(id),
            cost: pixels.saturating_mul(cost_of_pixel(image.stream().dict())),
        }
    }
}

impl Rasters {
    /// The positions of the images to decode: the cheapest first, as many as may be.
    pub(super) fn affordable(&self, images: impl Iterator<Item = (usize, Source)>) -> Vec<usize> {
        let mut images: Vec<(usize, Source)> = images.collect();
        images.sort_by_key(|(_, source)| source.cost);
        let (mut left, mut chosen, mut found) = (self.left, Vec::new(), Vec::new());
        for (index, source) in images {
            let known = source
                .id
                .is_some_and(|id| self.decoded.contains_key(&id) || chosen.contains(&id));
            if !known {
                let Some(rest) = left.checked_sub(source.cost) else {
                    continue;
                };
                left = rest;
                chosen.extend(source.id);
            }
            found.push(index);
        }
        found
    }

    /// The pixels of an image; `None` if it cannot be decoded.
    pub(super) fn decode(&mut self, image: &RasterImage<'_>) -> Option<Rc<Raster>> {
        let source = Source::of(image);
        if let Some(raster) = source.id.and_then(|id| self.decoded.get(&id)) {
            return raster.clone();
        }
        self.left = self.left.saturating_sub(source.cost);
        let raster = Raster::decode(image).map(Rc::new);
        if let Some(id) = source.id {
            self.decoded.insert(id, raster.clone());
        }
        raster
    }
}

/// What a pixel costs, by its colour space.
fn cost_of_pixel(image: &Dict<'_>) -> usize {
    let keys = [b"CS".as_slice(), b"ColorSpace".as_slice()];
    if let Some(array) = keys.iter().find_map(|key| image.get::<Array<'_>>(*key)) {
        let mut items = array.flex_iter();
        let name = items.next::<Name<'_>>();
        return match name.as_deref() {
            Some(b"ICCBased") => {
                let profile = items.next::<Stream<'_>>();
                let inks = profile.and_then(|profile| profile.dict().get::<u32>(b"N".as_slice()));
                if inks == Some(4) { INKS } else { 1 }
            }
            Some(b"Indexed" | b"I" | b"CalGray" | b"CalRGB") => 1,
            _ => FUNCTION,
        };
    }
    let name = keys.iter().find_map(|key| image.get::<Name<'_>>(*key));
    match name.as_deref() {
        Some(b"DeviceGray" | b"G" | b"DeviceRGB" | b"RGB") => 1,
        _ => INKS,
    }
}

/// A decoded image.
pub(super) struct Raster {
    width: usize,
    height: usize,
    /// Red, green, blue and opacity of each pixel.
    pixels: Vec<[u8; 4]>,
}

impl Raster {
    fn decode(image: &RasterImage<'_>) -> Option<Self> {
        let mut raster = None;
        // Of JPEG 2000 the smallest resolution is enough.
        image.with_rgba(|data, alpha| raster = Self::new(&data, alpha.as_ref()), Some((1, 1)));
        raster
    }

    fn new(data: &ImageData, alpha: Option<&LumaData>) -> Option<Self> {
        let (width, height) = (data.width().min(MAX_SIDE), data.height().min(MAX_SIDE));
        let mut pixels = Vec::with_capacity(width as usize * height as usize);
        for y in 0..height {
            for x in 0..width {
                let at = |wide: u32, high: u32| {
                    let scaled =
                        |place: u32, from: u32, to: u32| (2 * place as usize + 1) * to as usize / (2 * from as usize);
                    scaled(y, height, high) * wide as usize + scaled(x, width, wide)
                };
                let index = at(data.width(), data.height());
                let [red, green, blue] = match data {
                    ImageData::Rgb(data) => *data.data.get(3 * index..)?.first_chunk()?,
                    ImageData::Luma(data) => [*data.data.get(index)?; 3],
                };
                let opacity = alpha.and_then(|alpha| alpha.data.get(at(alpha.width, alpha.height)));
                pixels.push([red, green, blue, opacity.copied().unwrap_or(255)]);
            }
        }
        Some(Self {
            width: width as usize,
            height: height as usize,
            pixels,
        })
    }

    /// The pixel at a place from 0 to 1 in each direction.
    pub(super) fn at(&self, x: f64, y: f64) -> Option<[u8; 4]> {
        let index = |place: f64, count: usize| (place * count as f64).clamp(0.0, count as f64 - 1.0) as usize;
        self.pixels
            .get(index(y, self.height) * self.width + index(x, self.width))
            .copied()
    }
}
