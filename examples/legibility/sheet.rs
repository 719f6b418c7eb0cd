//! Misnamed views, side by side.

use anyhow::Result;
use groundling_film::{Canvas, Picture, Rect, TextSize, TextStyle};
use groundling_room::Shape;

use crate::Options;
use crate::learning::{Named, Scored};
use crate::report::Confusion;
use crate::views::{Batch, Photographer, Split};

/// Pairs, and views of each of the two.
const ROWS: usize = 10;
const VIEWS: usize = 4;
/// Pixels of the sheet for a view, and for the names above it.
const WIDTH: i32 = 192;
const HEIGHT: i32 = 144;
const TITLE: i32 = 18;

/// A row for each pair: views of the first that were named as the second, then the other way round.
pub(crate) fn draw(options: &Options, pairs: &[Confusion], scored: &Scored) -> Result<Canvas> {
    let pairs = &pairs[..pairs.len().min(ROWS)];
    let height = (pairs.len().max(1) as i32 * (HEIGHT + TITLE)) as usize;
    let mut canvas = Canvas::new(2 * VIEWS * WIDTH as usize, height, [24, 24, 28])?;
    let mut photographer = Photographer::new(options)?;
    let style = TextStyle { size: TextSize::SMALL, bold: false, color: [230; 3] };
    for (top, pair) in (0..).map(|row| row * (HEIGHT + TITLE)).zip(pairs) {
        for (side, (truth, name)) in [(&pair.first, &pair.second), (&pair.second, &pair.first)].into_iter().enumerate()
        {
            let left = (side * VIEWS) as i32 * WIDTH;
            canvas.text(left + 4, top, &format!("{truth}, named {name}"), style);
            let is_such = |view: &&Named| view.truth.object.shape.name() == truth && Shape(view.shape).name() == name;
            for (column, view) in (0..).zip(scored.named.iter().filter(is_such).take(VIEWS)) {
                let mut batch = Batch::default();
                photographer.take(Split::Test, view.index, &mut batch)?;
                let picture = Picture::new(options.width.into(), options.height.into(), &batch.rgb)?;
                let (x, y) = (left + column * WIDTH, top + TITLE);
                canvas.draw_picture(picture, Rect { x, y, width: WIDTH, height: HEIGHT });
            }
        }
    }
    Ok(canvas)
}
