//! `groundling rooms`: shows the room of a seed, from above and in first person, and what can be asked about it; or the
//! catalogue of everything that may stand in a room.

mod questions;

use std::path::{Path, PathBuf};

use anyhow::Result;
use groundling_film::{Canvas, Picture, TextSize, TextStyle};
use groundling_interface::Environment;
use groundling_questions::{Domain, Nearness, RoomView};
use groundling_room::{Color, Notch, ObjectFacts, RoomSpec, Shape, Size};
use groundling_sim::{Body, Privileged, RoomEnvironment, StepInformation};
use serde_json::json;

use self::questions::{RoomQuestions, Shown, print_templates, templates_as_json};
use crate::catalogue;
use crate::config::Config;
use crate::drawing::{MapPainter, MapScale, Painter, fitted};
use crate::failure::wrong_input;
use crate::output::{film_failure, make_folder, refuse_existing};
use crate::say;

/// Options of `rooms`.
#[derive(Debug, clap::Args)]
pub struct RoomsArgs {
    /// Seed of the room.
    #[arg(long, required_unless_present = "catalogue")]
    pub seed: Option<u64>,
    /// Draws all shapes, colours and sizes instead of a room, and lists the kinds of questions.
    #[arg(long, conflicts_with_all = ["seed", "config", "set"])]
    pub catalogue: bool,
    /// Configuration file (TOML); the defaults when not given.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Changes one setting; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    pub set: Vec<String>,
    /// Questions to show of each kind beside those asked: a number, or "all".
    #[arg(long, value_name = "N", default_value = "4", conflicts_with = "catalogue")]
    pub questions: Shown,
    /// Folder for the pictures [default: rooms/seed-N, or rooms/catalogue].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Overwrites pictures that are there already.
    #[arg(long)]
    pub force: bool,
    /// Prints one JSON object instead of text.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(args: &RoomsArgs) -> Result<()> {
    match args.seed {
        Some(seed) => show_room(args, seed),
        None => show_catalogue(args),
    }
}

fn show_catalogue(args: &RoomsArgs) -> Result<()> {
    let folder = args.out.clone().unwrap_or_else(|| Path::new("rooms").join("catalogue"));
    let paths = catalogue::FILES.map(|name| folder.join(name));
    refuse_existing(&paths, args.force)?;
    make_folder(&folder)?;
    for (sheet, path) in catalogue::draw()?.iter().zip(&paths) {
        sheet.save_png(path, args.force).map_err(film_failure)?;
    }
    if args.json {
        let sizes = Size::ALL.map(|size| json!({"name": size.name(), "factor": size.factor()}));
        let shapes =
            Shape::all().map(|shape| json!({"name": shape.name(), "height": shape.height(), "mass": shape.mass()}));
        let catalogue = json!({
            "shapes": shapes.collect::<Vec<_>>(),
            "colors": Color::all().map(Color::name).collect::<Vec<_>>(),
            "sizes": sizes,
            "questions": templates_as_json(),
            "pictures": paths,
        });
        say!("{}", serde_json::to_string_pretty(&catalogue)?);
    } else {
        say!("{} shapes, {} colours, {} sizes", Shape::COUNT, Color::COUNT, Size::ALL.len());
        print_templates();
        say!();
        paths.iter().for_each(|path| say!("{}", path.display()));
    }
    Ok(())
}

fn show_room(args: &RoomsArgs, seed: u64) -> Result<()> {
    let config = Config::load_or_default(args.config.as_deref(), &args.set)?;
    let folder = args.out.clone().unwrap_or_else(|| Path::new("rooms").join(format!("seed-{seed}")));
    let paths = ["top-down.png", "first-person.png", "agent-view.png"].map(|name| folder.join(name));
    refuse_existing(&paths, args.force)?;
    let (mut environment, privileged) = RoomEnvironment::new(config.world()).map_err(wrong_input)?;
    let first = environment.reset(seed).map_err(wrong_input)?;
    let questions = RoomQuestions::new(&config, &privileged.facts(), args.questions)?;

    make_folder(&folder)?;
    let [top_down, first_person, agent_view] = &paths;
    draw_map(&config, &privileged)?.save_png(top_down, args.force).map_err(film_failure)?;
    let (width, height) = (config.camera.width, config.camera.height);
    let (wide, high) = fitted(width as f32 / height as f32, 640, 480);
    let mut painter = Painter::new(wide, high)?;
    let picture = painter.paint(&privileged.scene(), &privileged.eye())?;
    picture.save_png(first_person, args.force).map_err(film_failure)?;
    let own = Canvas::of(Picture::new(width, height, &first.observation.rgb)?)?;
    own.save_png(agent_view, args.force).map_err(film_failure)?;

    let spec = privileged.spec();
    if args.json {
        say!("{}", serde_json::to_string_pretty(&as_json(&spec, &privileged.information(), &questions, &paths))?);
    } else {
        print_room(&spec, &questions, &paths);
    }
    Ok(())
}

/// The map with the names of things, lines between what is near each other, and the agent at its spawn.
fn draw_map(config: &Config, privileged: &Privileged) -> Result<Canvas> {
    let mut painter = MapPainter::new(960, 960)?;
    let (facts, domain) = (privileged.facts(), Domain::from(&config.room));
    let (mut canvas, scale) = painter.paint(privileged)?;
    let room = RoomView::new(&facts, &domain, config.questions.near_margin);
    draw_nearness(&mut canvas, &room, scale);
    for object in &facts.objects {
        draw_name(&mut canvas, object, scale);
    }
    draw_body(&mut canvas, &privileged.body(), scale);
    Ok(canvas)
}

/// Bright where questions take it for near, faint where it is too close to the near distance to be asked about.
fn draw_nearness(canvas: &mut Canvas, room: &RoomView<'_>, scale: MapScale) {
    const NEAR: groundling_film::Color = [250, 214, 84];
    const UNCLEAR: groundling_film::Color = [128, 122, 108];
    let place = |object: &ObjectFacts| scale.place(object.middle[0], object.middle[2]);
    for (index, object) in room.objects().iter().enumerate() {
        for other in room.objects().iter().skip(index + 1) {
            let (width, color) = match room.nearness(object, other) {
                Nearness::Near => (2.5, NEAR),
                Nearness::Unclear => (1.5, UNCLEAR),
                Nearness::Far => continue,
            };
            canvas.line(place(object), place(other), width, color);
        }
    }
}

fn draw_name(canvas: &mut Canvas, object: &ObjectFacts, scale: MapScale) {
    let style = TextStyle { size: TextSize::SMALL, bold: true, color: [255; 3] };
    let shadow = TextStyle { color: [0; 3], ..style };
    let [x, _, z] = object.middle;
    let [center, middle] = scale.place(x, z).map(|pixel| pixel as i32);
    for (line, text) in [object.color.name(), object.shape.name()].into_iter().enumerate() {
        let width = canvas.width() as i32;
        let left = (center - style.width_of(text) / 2).clamp(4, (width - style.width_of(text) - 4).max(4));
        let top = middle + (line as i32 - 1) * style.line_height();
        for (aside, down) in [(-1, 0), (1, 0), (0, -1), (0, 1), (1, 1)] {
            canvas.text(left + aside, top + down, text, shadow);
        }
        canvas.text(left, top, text, style);
    }
}

fn draw_body(canvas: &mut Canvas, body: &Body, scale: MapScale) {
    let (sin, cos) = body.yaw.sin_cos();
    let corner = |ahead: f32, aside: f32| {
        scale.place(body.position.x - sin * ahead + cos * aside, body.position.z - cos * ahead - sin * aside)
    };
    for (size, color) in [(0.28, [18, 20, 26]), (0.2, [255, 84, 60])] {
        let corners = [corner(size, 0.0), corner(-0.7 * size, 0.65 * size), corner(-0.7 * size, -0.65 * size)];
        canvas.triangle(corners, color);
    }
}

fn print_room(spec: &RoomSpec, questions: &RoomQuestions, paths: &[PathBuf]) {
    let plan = &spec.floor_plan;
    let outline = if plan.notch.is_some() { "L-shaped" } else { "rectangular" };
    say!(
        "room of seed {}: {outline}, {:.2} m x {:.2} m, {:.1} square metres, walls {:.2} m high, {}, {} window(s)",
        spec.seed,
        plan.width,
        plan.depth,
        plan.area(),
        spec.wall_height,
        if spec.door.is_some() { "a door" } else { "no door" },
        spec.windows.len(),
    );
    say!("\n{} objects (x, z in metres):", spec.objects.len());
    for object in &spec.objects {
        let name = format!("{} {} {}", object.size, object.color, object.shape);
        say!("  {name:<28} ({:+.2}, {:+.2})", object.position[0], object.position[2]);
    }
    questions.print();
    say!();
    for path in paths {
        say!("{}", path.display());
    }
}

fn as_json(
    spec: &RoomSpec,
    information: &StepInformation,
    questions: &RoomQuestions,
    paths: &[PathBuf],
) -> serde_json::Value {
    let plan = &spec.floor_plan;
    let objects = spec.objects.iter().map(|object| {
        json!({
            "shape": object.shape.name(),
            "color": object.color.name(),
            "size": object.size.name(),
            "position": object.position,
            "yaw": object.yaw,
        })
    });
    let (num_questions, listed) = questions.as_json();
    json!({
        "seed": spec.seed,
        "width": plan.width,
        "depth": plan.depth,
        "area": plan.area(),
        "notch": plan.notch.map(|Notch { x, z }| json!({"x": x, "z": z})),
        "wall_height": spec.wall_height,
        "door": spec.door.is_some(),
        "num_windows": spec.windows.len(),
        "spawn": {"position": spec.spawn.position, "yaw": spec.spawn.yaw},
        "objects": objects.collect::<Vec<_>>(),
        "first_step": information,
        "num_questions": num_questions,
        "questions": listed,
        "pictures": paths,
    })
}
