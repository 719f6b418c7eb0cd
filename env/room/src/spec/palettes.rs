//! Sets of colours for walls, floors and woodwork. All are muted: no component is far below the others, and nothing is as
//! bright as white or as dark as black, so that objects of every colour stand out.

use crate::scene::Rgb;

/// Colours that go together; linear light.
pub(crate) struct Palette {
    /// One plain word.
    pub(crate) name: &'static str,
    pub(super) walls: [Rgb; 3],
    pub(super) floors: [Rgb; 2],
    /// Skirting, and frames of doors and windows.
    pub(super) trim: Rgb,
    pub(super) door: Rgb,
    pub(super) ceiling: Rgb,
}

const CHALK: Rgb = [0.56, 0.54, 0.50];
const OAK: Rgb = [0.33, 0.21, 0.12];
const EBONY: Rgb = [0.09, 0.065, 0.05];

/// Every palette.
pub(crate) const PALETTES: &[Palette] = &[
    Palette {
        name: "plaster",
        walls: [[0.51, 0.46, 0.38], [0.42, 0.38, 0.32], [0.36, 0.32, 0.27]],
        floors: [[0.30, 0.20, 0.12], [0.40, 0.33, 0.25]],
        trim: CHALK,
        door: OAK,
        ceiling: [0.62, 0.60, 0.56],
    },
    Palette {
        name: "sage",
        walls: [[0.29, 0.37, 0.24], [0.20, 0.28, 0.17], [0.40, 0.45, 0.33]],
        floors: [[0.25, 0.20, 0.13], [0.33, 0.34, 0.27]],
        trim: CHALK,
        door: [0.13, 0.20, 0.12],
        ceiling: [0.58, 0.60, 0.53],
    },
    Palette {
        name: "slate",
        walls: [[0.21, 0.27, 0.36], [0.30, 0.35, 0.43], [0.14, 0.18, 0.25]],
        floors: [[0.19, 0.20, 0.23], [0.34, 0.34, 0.35]],
        trim: [0.45, 0.47, 0.50],
        door: [0.11, 0.14, 0.20],
        ceiling: [0.56, 0.58, 0.61],
    },
    Palette {
        name: "terracotta",
        walls: [[0.45, 0.24, 0.16], [0.35, 0.18, 0.12], [0.51, 0.36, 0.26]],
        floors: [[0.32, 0.16, 0.10], [0.42, 0.35, 0.26]],
        trim: [0.52, 0.46, 0.37],
        door: [0.20, 0.11, 0.07],
        ceiling: [0.61, 0.56, 0.49],
    },
    Palette {
        name: "sand",
        walls: [[0.53, 0.43, 0.25], [0.43, 0.34, 0.20], [0.33, 0.27, 0.16]],
        floors: [[0.45, 0.37, 0.24], [0.25, 0.18, 0.11]],
        trim: OAK,
        door: [0.40, 0.27, 0.15],
        ceiling: [0.62, 0.58, 0.48],
    },
    Palette {
        name: "plum",
        walls: [[0.30, 0.18, 0.31], [0.39, 0.28, 0.40], [0.21, 0.13, 0.22]],
        floors: [[0.19, 0.13, 0.15], [0.38, 0.32, 0.34]],
        trim: [0.50, 0.45, 0.50],
        door: [0.17, 0.10, 0.16],
        ceiling: [0.57, 0.53, 0.58],
    },
    Palette {
        name: "teal",
        walls: [[0.14, 0.30, 0.30], [0.22, 0.39, 0.37], [0.33, 0.45, 0.42]],
        floors: [[0.15, 0.20, 0.20], [0.40, 0.37, 0.31]],
        trim: CHALK,
        door: [0.09, 0.18, 0.19],
        ceiling: [0.54, 0.59, 0.57],
    },
    Palette {
        name: "charcoal",
        walls: [[0.14, 0.14, 0.15], [0.20, 0.20, 0.21], [0.27, 0.26, 0.26]],
        floors: [[0.12, 0.11, 0.11], [0.30, 0.29, 0.28]],
        trim: EBONY,
        door: [0.36, 0.35, 0.34],
        ceiling: [0.45, 0.45, 0.45],
    },
    Palette {
        name: "rose",
        walls: [[0.48, 0.29, 0.31], [0.39, 0.22, 0.24], [0.54, 0.41, 0.41]],
        floors: [[0.33, 0.21, 0.18], [0.46, 0.42, 0.38]],
        trim: [0.58, 0.52, 0.50],
        door: [0.30, 0.17, 0.18],
        ceiling: [0.62, 0.56, 0.55],
    },
    Palette {
        name: "olive",
        walls: [[0.32, 0.31, 0.13], [0.41, 0.39, 0.20], [0.23, 0.23, 0.10]],
        floors: [[0.26, 0.21, 0.11], [0.36, 0.34, 0.25]],
        trim: EBONY,
        door: [0.22, 0.15, 0.08],
        ceiling: [0.58, 0.57, 0.46],
    },
    Palette {
        name: "mist",
        walls: [[0.36, 0.45, 0.55], [0.27, 0.36, 0.48], [0.42, 0.47, 0.52]],
        floors: [[0.42, 0.35, 0.26], [0.23, 0.27, 0.33]],
        trim: CHALK,
        door: [0.50, 0.51, 0.52],
        ceiling: [0.60, 0.62, 0.64],
    },
    Palette {
        name: "walnut",
        walls: [[0.26, 0.16, 0.10], [0.34, 0.24, 0.16], [0.43, 0.33, 0.23]],
        floors: [[0.19, 0.11, 0.065], [0.30, 0.25, 0.20]],
        trim: EBONY,
        door: [0.16, 0.09, 0.05],
        ceiling: [0.55, 0.50, 0.43],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Color;

    /// CIELAB of linear sRGB, by the D65 white point.
    #[expect(clippy::disallowed_methods, reason = "compared with a bound that no last bit decides")]
    fn lab([r, g, b]: Rgb) -> [f32; 3] {
        let xyz = [
            (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
            0.2126 * r + 0.7152 * g + 0.0722 * b,
            (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
        ];
        let [x, y, z] = xyz.map(|v| if v > 0.008_856 { v.cbrt() } else { 7.787 * v + 16.0 / 116.0 });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn apart(a: Rgb, b: Rgb) -> f32 {
        lab(a).iter().zip(lab(b)).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
    }

    #[test]
    fn every_object_stands_out_from_every_wall_and_floor() {
        for palette in PALETTES {
            for color in Color::all() {
                for place in palette.walls.iter().chain(&palette.floors) {
                    let difference = apart(*place, color.rgb());
                    assert!(difference > 22.0, "{color} on {} {place:?}: {difference}", palette.name);
                }
            }
        }
    }

    #[test]
    fn palettes_are_unlike_each_other() {
        for (index, palette) in PALETTES.iter().enumerate() {
            for other in &PALETTES[..index] {
                let difference = (0..3).map(|k| apart(palette.walls[k], other.walls[k])).sum::<f32>() / 3.0;
                assert!(difference > 8.0, "{} and {}: {difference}", palette.name, other.name);
            }
        }
    }
}
