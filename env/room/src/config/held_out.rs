//! Held-out pairs: colours and shapes that are each seen in training, but never together.

use std::collections::BTreeSet;

use groundling_interface::{InvalidSetting, derive};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::{RoomConfig, checks};
use crate::vocabulary::{Color, Shape};

/// What becomes of the held-out pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldOut {
    /// No room has an object of a held-out pair: the rooms in which agents and probes are trained.
    Absent,
    /// Every room has at least one: the rooms of a compositional test.
    Present,
}

impl RoomConfig {
    /// The held-out pairs: a function of the shapes and colours that occur, `held_out_share` and `held_out_draw`, and
    /// of nothing else; the order in which shapes and colours are named does not matter. Empty at a share of 0.
    ///
    /// Pairs are spread like the symbols of a Latin square: the numbers of held-out pairs of two shapes, and of two
    /// colours, differ by one at most. With a share of 0.5 or less each shape and each colour so keeps a trained pair.
    pub fn held_out_pairs(&self) -> BTreeSet<(Shape, Color)> {
        let (mut shapes, mut colors) = (self.shape_choices(), self.color_choices());
        let num_pairs = self.num_held_out(shapes.len(), colors.len());
        if num_pairs == 0 {
            return BTreeSet::new();
        }
        shapes.sort_unstable();
        colors.sort_unstable();
        shapes.shuffle(&mut derive(self.held_out_draw.into(), "held-out shapes", &[]));
        colors.shuffle(&mut derive(self.held_out_draw.into(), "held-out colors", &[]));
        // Down the diagonals of the table of shapes by colours. One of them closes after the least common multiple of
        // the sides, and the next begins one colour further; no cell is met twice before all are met.
        let closes_after = least_common_multiple(shapes.len(), colors.len());
        let pair = |k: usize| (shapes[k % shapes.len()], colors[(k + k / closes_after) % colors.len()]);
        (0..num_pairs).map(pair).collect()
    }

    /// The nearest number of pairs to the share. At a share of 0.5 no rounding leaves a shape or colour without a
    /// trained pair where there are two of each.
    fn num_held_out(&self, num_shapes: usize, num_colors: usize) -> usize {
        if num_shapes < 2 || num_colors < 2 {
            return 0;
        }
        (f64::from(self.held_out_share) * (num_shapes * num_colors) as f64).round() as usize
    }

    pub(super) fn validate_held_out(&self) -> Result<(), InvalidSetting> {
        let (key, share) = ("room.held_out_share", self.held_out_share);
        checks::within(key, share, 0.0, 0.5)?;
        if share == 0.0 {
            let fits = self.held_out == HeldOut::Absent;
            return InvalidSetting::unless(
                fits,
                "room.held_out",
                "present",
                "must be absent where none is held out: make room.held_out_share larger than 0",
            );
        }
        let (shapes, colors) = (self.shape_choices().len(), self.color_choices().len());
        let expected = format!("must be 0 where rooms have {shapes} shapes and {colors} colours: each needs two");
        InvalidSetting::unless(shapes >= 2 && colors >= 2, key, share, &expected)?;
        let expected = format!("must be 0, or large enough to hold out one of {} pairs", shapes * colors);
        InvalidSetting::unless(self.num_held_out(shapes, colors) > 0, key, share, &expected)?;
        let ([least, greatest], expected) = (self.num_objects, "must be at least 1 where room.held_out = present");
        let fits = self.held_out == HeldOut::Absent || least > 0;
        InvalidSetting::unless(fits, "room.num_objects", format!("[{least}, {greatest}]"), expected)
    }
}

fn least_common_multiple(a: usize, b: usize) -> usize {
    let (mut greatest, mut rest) = (a, b);
    while rest > 0 {
        (greatest, rest) = (rest, greatest % rest);
    }
    a / greatest * b
}
