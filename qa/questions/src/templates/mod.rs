//! The registry of templates: one file and one line each.

mod color;
mod compare_n_color;
mod compare_n_shape;
mod count_color;
mod count_shape;
mod exist;
mod near_color;
mod near_shape;
mod shape;

use crate::template::Template;

/// Every template there is, in the order of tables.
pub fn registry() -> &'static [&'static dyn Template] {
    &[
        &color::ColorOfShape,
        &shape::ShapeOfColor,
        &count_shape::CountShape,
        &count_color::CountColor,
        &exist::Exist,
        &compare_n_color::CompareNumbersOfColors,
        &compare_n_shape::CompareNumbersOfShapes,
        &near_color::ColorNearShape,
        &near_shape::ShapeNearShape,
    ]
}
