//! Made-up pictures.

use std::io::Cursor;

use groundling_report::Figure;
use image::{ImageError, ImageFormat, Rgb, RgbImage};

/// Two rows of eight small frames, the lower blurred, like true frames above imagined ones.
pub(super) fn imagined(caption: &str, turn: f64) -> Result<Figure, ImageError> {
    let (width, height, num) = (32, 24, 8);
    let picture = RgbImage::from_fn(num * (width + 1) - 1, 2 * height + 1, |x, y| {
        let (frame, column, row) = (x / (width + 1), x % (width + 1), y % (height + 1));
        if column == width || row == height {
            return Rgb([252, 252, 251]);
        }
        let angle = f64::from(column) / 20.0 + f64::from(frame) * 0.5 + turn;
        let wall = if angle.sin() > 0.0 { [120.0, 140.0, 120.0] } else { [150.0, 125.0, 110.0] };
        let distance = ((angle.rem_euclid(3.0) - 1.5) * 20.0).hypot(f64::from(row) - 15.0);
        let share =
            if y < height { f64::from(u8::from(distance < 5.0)) } else { (1.0 - distance / 11.0).clamp(0.0, 0.7) };
        let base = if row > 14 { [95.0, 90.0, 85.0] } else { wall };
        let mix = |base: f64, object: f64| (base + share * (object - base)) as u8;
        Rgb([mix(base[0], 214.0), mix(base[1], 62.0), mix(base[2], 48.0)])
    });
    let mut png = Vec::new();
    picture.write_to(&mut Cursor::new(&mut png), ImageFormat::Png)?;
    Ok(Figure { png, caption: caption.into(), run: "simcore-1".into() })
}
