//! Drawing a room: each concern has a generator of its own, so that changing one leaves the others as they were.

use groundling_interface::derive;
use rand::{Rng, RngExt};

use super::openings::{self, TooFewStretches};
use super::{
    ObjectSpec, OpeningSpec, RoomError, RoomSpec, SkirtingSpec, Spawn, WallSpec, finishes, light, objects, outdoors,
    outline,
};
use crate::config::RoomConfig;
use crate::floor_plan::FloorPlan;

/// Outlines tried before the error.
const OUTLINES: u32 = 160;
/// Outlines tried with the same kinds of objects.
const OUTLINES_WITH_SAME_OBJECTS: u32 = 40;
/// Arrangements of the objects tried in each outline, so that small rooms are not given up too soon.
const ARRANGEMENTS: u32 = 4;
/// Skirting boards that would be lower are left away, metres.
const LOWEST_SKIRTING: f32 = 0.005;
/// Columns and rows of a window's panes.
const PANES: [[u8; 2]; 5] = [[1, 1], [2, 1], [2, 2], [3, 1], [3, 2]];

/// What depends on the outline.
struct Shell {
    plan: FloorPlan,
    walls: Vec<WallSpec>,
    door: Option<OpeningSpec>,
    windows: Vec<OpeningSpec>,
}

/// What was tried in vain.
#[derive(Default)]
struct Tried {
    num_objects: usize,
    attempts: u32,
    most_placed: usize,
    all_placed: bool,
    largest_area: f32,
    windows: Option<TooFewStretches>,
}

impl RoomSpec {
    /// The room that `(config, seed)` names.
    ///
    /// Outline and places are drawn anew until all objects find place. The objects' kinds are drawn anew only after
    /// many outlines in vain, so that large objects are not made rarer where they merely take some trying. The number
    /// of tries is bounded.
    pub fn sample(config: &RoomConfig, seed: u64) -> Result<RoomSpec, RoomError> {
        config.validate()?;
        let wall_height = between(&mut derive(seed, "room height", &[]), config.wall_height);
        let mut tried = Tried::default();
        let mut objects = Vec::new();
        for index in 0..OUTLINES {
            if index % OUTLINES_WITH_SAME_OBJECTS == 0 {
                let redraw = index / OUTLINES_WITH_SAME_OBJECTS;
                objects = objects::kinds(&mut derive(seed, "room objects", &[redraw.into()]), config);
                tried.num_objects = tried.num_objects.max(objects.len());
            }
            let plan = outline::floor_plan(&mut derive(seed, "room plan", &[index.into()]), config);
            tried.largest_area = tried.largest_area.max(plan.area());
            let Some(spawn) = furnish(config, seed, index, &plan, &mut objects, &mut tried) else { continue };
            match Shell::new(config, seed, plan, wall_height) {
                Ok(shell) => return Ok(Self::finish(config, seed, wall_height, shell, objects, spawn)),
                Err(error) => tried.windows = Some(error.better(tried.windows)),
            }
        }
        Err(tried.error(config))
    }

    /// Everything that needs no second try.
    fn finish(
        config: &RoomConfig,
        seed: u64,
        wall_height: f32,
        shell: Shell,
        objects: Vec<ObjectSpec>,
        spawn: Spawn,
    ) -> Self {
        let Shell { plan, walls, door, windows } = shell;
        let palette = finishes::palette(&mut derive(seed, "room palette", &[]), config);
        let skirting_height = between(&mut derive(seed, "room skirting", &[]), config.skirting_height);
        let skirting = SkirtingSpec { height: skirting_height, color: palette.trim };
        Self {
            seed,
            floor_plan: plan,
            floor: finishes::floor(&mut derive(seed, "room floor", &[]), config, palette),
            ceiling: palette.ceiling,
            wall_height,
            palette: palette.name.to_string(),
            skirting: (skirting_height >= LOWEST_SKIRTING).then_some(skirting),
            door,
            door_frame: palette.trim,
            panes: PANES[derive(seed, "room panes", &[]).random_range(0..PANES.len())],
            outdoors: outdoors::outdoors(&mut derive(seed, "room outdoors", &[]), config, &walls, &windows),
            walls,
            windows,
            light: light::light(&mut derive(seed, "room light", &[]), config),
            objects,
            spawn,
        }
    }
}

/// Sets the objects' places in this outline and finds one for the agent, or notes how far it got.
fn furnish(
    config: &RoomConfig,
    seed: u64,
    outline: u32,
    plan: &FloorPlan,
    objects: &mut [ObjectSpec],
    tried: &mut Tried,
) -> Option<Spawn> {
    let is_hopeless = objects::cover_too_much(config, plan, objects);
    for arrangement in 0..ARRANGEMENTS {
        tried.attempts += 1;
        let mut rng = derive(seed, "room places", &[outline.into(), arrangement.into()]);
        if let Err(placed) = objects::place(&mut rng, config, plan, objects) {
            tried.most_placed = tried.most_placed.max(placed);
            if is_hopeless {
                return None;
            }
            continue;
        }
        tried.all_placed = true;
        let spawn = objects::spawn(&mut rng, config.spawn_clearance, plan, objects);
        if spawn.is_some() {
            return spawn;
        }
    }
    None
}

impl Shell {
    fn new(config: &RoomConfig, seed: u64, plan: FloorPlan, wall_height: f32) -> Result<Self, TooFewStretches> {
        let palette = finishes::palette(&mut derive(seed, "room palette", &[]), config);
        let num_walls = plan.corners().len();
        let finishes = finishes::walls(&mut derive(seed, "room walls", &[]), config, palette, num_walls);
        let walls = outline::walls(&plan, finishes);
        let upright = (walls.as_slice(), wall_height);
        let door = openings::door(&mut derive(seed, "room door", &[]), config, upright, palette.door);
        let mut rng = derive(seed, "room windows", &[]);
        let windows = openings::windows(&mut rng, config, &plan, upright, door.as_ref(), palette.trim)?;
        Ok(Self { plan, walls, door, windows })
    }
}

impl TooFewStretches {
    /// The one in which more windows found place.
    fn better(self, other: Option<Self>) -> Self {
        other.filter(|other| other.placed > self.placed).unwrap_or(self)
    }
}

impl Tried {
    fn error(self, config: &RoomConfig) -> RoomError {
        let Self { num_objects, attempts, most_placed, all_placed, largest_area, windows } = self;
        if let Some(TooFewStretches { num_windows, placed }) = windows {
            let shortest_stretch = openings::SHORTEST_STRETCH;
            return RoomError::TooFewWallsForWindows { num_windows, most_placed: placed, attempts, shortest_stretch };
        }
        if all_placed {
            return RoomError::NoPlaceToSpawn { num_objects, clearance: config.spawn_clearance, attempts };
        }
        RoomError::RoomTooSmallForObjects { num_objects, most_placed, attempts, largest_area }
    }
}

fn between(rng: &mut impl Rng, [low, high]: [f32; 2]) -> f32 {
    rng.random_range(low..=high)
}
