//! Colours, and whether a text in one of them can be read on a ground of another.

/// A colour of sRGB; all parts are 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour {
    pub(super) rgb: [f32; 3],
    pub(super) alpha: f32,
}

/// Below this contrast (WCAG 2.2, 1 to 21), a text whose colour is also [`NEAR`] that of its ground cannot be read.
/// Light grey on white, `#ddd`, has 1.36.
const CONTRAST: f32 = 1.2;
/// The largest difference of a part of a colour.
const NEAR: f32 = 48.0 / 255.0;

impl Colour {
    pub(super) const BLACK: Self = Self::opaque([0.0; 3]);
    pub(super) const WHITE: Self = Self::opaque([1.0; 3]);

    pub(super) const fn opaque(rgb: [f32; 3]) -> Self {
        Self { rgb, alpha: 1.0 }
    }

    pub(super) fn from_bytes(red: u8, green: u8, blue: u8) -> Self {
        Self::opaque([red, green, blue].map(|part| f32::from(part) / 255.0))
    }

    /// Parses six hexadecimal digits.
    pub(super) fn from_hex(digits: &str) -> Option<Self> {
        let value = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self::from_bytes(red, green, blue))
    }

    /// The colour that results on an opaque ground.
    pub(super) fn over(self, ground: Self) -> Self {
        let mut rgb = ground.rgb;
        for (below, above) in rgb.iter_mut().zip(self.rgb) {
            *below += (above - *below) * self.alpha.clamp(0.0, 1.0);
        }
        Self::opaque(rgb)
    }

    /// Whether a text of this colour cannot be told from its ground.
    pub(super) fn is_lost_on(self, ground: Self) -> bool {
        let text = self.over(ground);
        let near = text.rgb.iter().zip(ground.rgb).all(|(a, b)| (a - b).abs() < NEAR);
        let (a, b) = (text.luminance(), ground.luminance());
        near && (a.max(b) + 0.05) / (a.min(b) + 0.05) < CONTRAST
    }

    fn luminance(self) -> f32 {
        let linear = self.rgb.map(|part| match part {
            part if part <= 0.04045 => part / 12.92,
            part => ((part + 0.055) / 1.055).powf(2.4),
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_that_cannot_be_told_apart_are_lost() {
        let lost = |text: &str, ground: &str| {
            let colour = |digits| Colour::from_hex(digits).unwrap();
            colour(text).is_lost_on(colour(ground))
        };
        for (text, ground) in [
            ("ffffff", "ffffff"),
            ("fefefe", "ffffff"),
            ("f0f0f0", "ffffff"),
            ("ffffff", "f2f2f2"),
            ("0d0d0d", "000000"),
            ("1f3864", "203864"),
        ] {
            assert!(lost(text, ground), "{text} on {ground}");
        }
        for (text, ground) in [
            ("ffffff", "000000"),
            ("ffffff", "4472c4"),
            ("bfbfbf", "ffffff"),
            ("d9d9d9", "ffffff"),
            ("ffff00", "ffffff"),
            ("ff0000", "00aa00"),
        ] {
            assert!(!lost(text, ground), "{text} on {ground}");
        }
        assert!(
            Colour {
                alpha: 0.05,
                ..Colour::BLACK
            }
            .is_lost_on(Colour::WHITE)
        );
    }
}
