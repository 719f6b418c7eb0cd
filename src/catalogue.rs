//! The catalogue: every shape from three sides, every colour and every size, as sheets of pictures for people.

use std::f32::consts::FRAC_PI_2;

use anyhow::Result;
use glam::{Affine3A, Quat, Vec3};
use groundling_film::{Canvas, Color as Ink, Rect, TextSize, TextStyle};
use groundling_room::{Camera, Color, Instance, Light, Pattern, Projection, Rgb, Scene, Shape, Size, Surface};

use crate::drawing::Painter;

/// The sheets' files, in the order of [`draw`].
pub(crate) const FILES: [&str; 3] = ["shapes.png", "colors.png", "sizes.png"];

/// Front, side, and between the two with the front to the left, as turns of the object.
const VIEWS: [f32; 3] = [0.0, -FRAC_PI_2, -0.65];
const EYE_HEIGHT: f32 = 0.9;
/// From the eye to a single object, and to several side by side, metres.
const NEAR: f32 = 3.2;
const FAR: f32 = 6.0;
const FLOOR: Rgb = [0.47, 0.47, 0.48];
const LIGHT: Light =
    Light { direction: Vec3::new(-0.424, 0.8, 0.424), direct: 0.55, ambient_up: 0.6, ambient_down: 0.35 };
const PAPER: Ink = [242, 242, 240];
const INK: Ink = [32, 34, 40];
const FAINT: Ink = [112, 114, 120];
const GAP: i32 = 12;
const LABEL: i32 = 26;

/// All sheets.
pub(crate) fn draw() -> Result<[Canvas; 3]> {
    Ok([draw_shapes()?, draw_colors()?, draw_sizes()?])
}

/// An object on the studio's floor.
struct Shown {
    shape: Shape,
    color: Color,
    size: Size,
    x: f32,
    yaw: f32,
}

impl Shown {
    fn height(&self) -> f32 {
        self.shape.height() * self.size.factor()
    }

    fn radius(&self) -> f32 {
        self.shape.footprint().radius() * self.height()
    }

    fn instance(&self) -> Instance {
        let mut colors = vec![self.color.rgb()];
        colors.extend_from_slice(self.shape.materials());
        Instance {
            mesh: self.shape.mesh().clone(),
            world_from_object: Affine3A::from_scale_rotation_translation(
                Vec3::splat(self.height()),
                Quat::from_rotation_y(self.yaw),
                Vec3::new(self.x, 0.0, 0.0),
            ),
            colors,
            object_id: 1,
            shadow_radius: self.radius(),
        }
    }
}

/// Objects on a floor whose far end is lost in a background of the same colour.
fn studio(objects: &[Shown]) -> Scene {
    let lit = LIGHT.direct * LIGHT.direction.y + LIGHT.ambient_up;
    let floor = Surface {
        origin: Vec3::new(-20.0, 0.0, 6.0),
        u: Vec3::new(40.0, 0.0, 0.0),
        v: Vec3::new(0.0, 0.0, -40.0),
        colors: [FLOOR; 2],
        pattern: Pattern::Plain,
        pattern_offset: [0.0; 2],
        emissive: false,
        receives_shadows: true,
    };
    Scene {
        surfaces: vec![floor],
        outdoors: Vec::new(),
        instances: objects.iter().map(Shown::instance).collect(),
        light: LIGHT,
        background: FLOOR.map(|component| component * lit),
    }
}

/// A camera at eye height that looks at the middle of a box of this width and height, and sees little more.
fn camera(distance: f32, [width, height]: [f32; 2], aspect: f32) -> Camera {
    let (aim, half) = (height / 2.0 - EYE_HEIGHT, (width / aspect).max(height) / 2.0);
    Camera {
        position: Vec3::new(0.0, EYE_HEIGHT, distance),
        yaw: 0.0,
        pitch: (aim / distance).atan(),
        projection: Projection::Perspective { fov_y: 2.0 * (1.22 * half / distance).atan() },
    }
}

/// A painter of pictures of one size, which it puts on a sheet.
struct Photographer {
    painter: Painter,
    width: i32,
    height: i32,
}

impl Photographer {
    fn new(width: i32, height: i32) -> Result<Self> {
        Ok(Self { painter: Painter::new(width as usize, height as usize)?, width, height })
    }

    /// One object, as large as fits.
    fn portrait(&mut self, sheet: &mut Canvas, at: [i32; 2], object: Shown) -> Result<()> {
        let extent = [2.0 * object.radius(), object.height()];
        self.put(sheet, at, &[object], camera(NEAR, extent, self.aspect()))
    }

    /// Objects beside each other, to scale.
    fn group(&mut self, sheet: &mut Canvas, at: [i32; 2], objects: &[Shown], extent: [f32; 2]) -> Result<()> {
        self.put(sheet, at, objects, camera(FAR, extent, self.aspect()))
    }

    fn aspect(&self) -> f32 {
        self.width as f32 / self.height as f32
    }

    fn put(&mut self, sheet: &mut Canvas, [x, y]: [i32; 2], objects: &[Shown], camera: Camera) -> Result<()> {
        let picture = self.painter.paint(&studio(objects), &camera)?;
        sheet.draw_picture(picture.picture(), Rect { x, y, width: self.width, height: self.height });
        Ok(())
    }
}

fn style(bold: bool, color: Ink) -> TextStyle {
    TextStyle { size: TextSize::SMALL, bold, color }
}

fn centered(sheet: &mut Canvas, center: i32, y: i32, text: &str) {
    let style = style(true, INK);
    sheet.text(center - style.width_of(text) / 2, y, text, style);
}

/// An empty sheet of cells in columns and rows with gaps around them, below a heading.
struct Grid {
    columns: usize,
    rows: usize,
    cell: [i32; 2],
    heading: i32,
}

impl Grid {
    fn sheet(&self) -> Result<Canvas> {
        let [x, y] = self.corner(self.columns, self.rows);
        Ok(Canvas::new(x as usize, y as usize, PAPER)?)
    }

    /// Upper left corner of a cell, pixels.
    fn corner(&self, column: usize, row: usize) -> [i32; 2] {
        let place = |index: usize, cell: i32| GAP + index as i32 * (cell + GAP);
        [place(column, self.cell[0]), self.heading + place(row, self.cell[1])]
    }
}

/// Every shape from three sides, with its name and its height at medium size; the colours take turns.
fn draw_shapes() -> Result<Canvas> {
    const COLUMNS: usize = 5;
    let mut photographer = Photographer::new(160, 128)?;
    let cell = [3 * photographer.width, LABEL + photographer.height];
    let grid = Grid { columns: COLUMNS, rows: Shape::COUNT.div_ceil(COLUMNS), cell, heading: 0 };
    let mut sheet = grid.sheet()?;
    for (index, shape) in Shape::all().enumerate() {
        let [x, y] = grid.corner(index % COLUMNS, index / COLUMNS);
        sheet.text(x + 2, y + 3, shape.name(), style(true, INK));
        let height = format!("{:.2} m", shape.height());
        let faint = style(false, FAINT);
        sheet.text(x + cell[0] - 2 - faint.width_of(&height), y + 3, &height, faint);
        // Steps of three go through all ten colours; neighbours differ in both directions.
        let color = Color(((3 * index + index / COLUMNS) % Color::COUNT) as u8);
        for (view, yaw) in (0..).zip(VIEWS) {
            let object = Shown { shape, color, size: Size::Medium, x: 0.0, yaw };
            photographer.portrait(&mut sheet, [x + view * photographer.width, y + LABEL], object)?;
        }
    }
    Ok(sheet)
}

/// So many shapes, spread over the table.
fn some_shapes(count: usize) -> impl Iterator<Item = Shape> {
    Shape::all().step_by((Shape::COUNT / count).max(1)).take(count)
}

/// Every colour, a column each, on some shapes.
fn draw_colors() -> Result<Canvas> {
    const ROWS: usize = 6;
    let mut photographer = Photographer::new(160, 128)?;
    let cell = [photographer.width, photographer.height];
    let grid = Grid { columns: Color::COUNT, rows: ROWS, cell, heading: LABEL - GAP / 2 };
    let mut sheet = grid.sheet()?;
    for (column, color) in Color::all().enumerate() {
        centered(&mut sheet, grid.corner(column, 0)[0] + cell[0] / 2, GAP, color.name());
        for (row, shape) in some_shapes(ROWS).enumerate() {
            let object = Shown { shape, color, size: Size::Medium, x: 0.0, yaw: VIEWS[2] };
            photographer.portrait(&mut sheet, grid.corner(column, row), object)?;
        }
    }
    Ok(sheet)
}

/// The three sizes of some shapes beside each other, to scale.
fn draw_sizes() -> Result<Canvas> {
    const COLUMNS: usize = 3;
    const ROWS: usize = 4;
    let mut photographer = Photographer::new(540, 216)?;
    let cell = [photographer.width, LABEL + photographer.height];
    let grid = Grid { columns: COLUMNS, rows: ROWS, cell, heading: 0 };
    let mut sheet = grid.sheet()?;
    for (index, shape) in some_shapes(COLUMNS * ROWS).enumerate() {
        let [x, y] = grid.corner(index % COLUMNS, index / COLUMNS);
        let color = Color((index % Color::COUNT) as u8);
        let widest = 2.0 * Size::Large.factor() * shape.footprint().radius() * shape.height();
        let mut objects = Vec::new();
        for (third, size) in (0..).zip(Size::ALL) {
            let center = x + (2 * third + 1) * cell[0] / 6;
            centered(&mut sheet, center, y + 3, &format!("{size} {shape}"));
            objects.push(Shown { shape, color, size, x: (third - 1) as f32 * widest, yaw: VIEWS[2] });
        }
        let extent = [2.8 * widest, Size::Large.factor() * shape.height()];
        photographer.group(&mut sheet, [x, y + LABEL], &objects, extent)?;
    }
    Ok(sheet)
}
