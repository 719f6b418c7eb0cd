//! The registry of templates: one file and one line each.

mod color;
mod count_color;
mod exist;
mod shape;

use crate::template::Template;

/// Every template there is, in the order of tables.
pub fn registry() -> &'static [&'static dyn Template] {
    &[&color::ColorOfShape, &shape::ShapeOfColor, &exist::Exist, &count_color::CountColor]
}
