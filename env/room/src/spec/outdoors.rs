//! What is seen through the windows: one landscape around the room, with things at different distances, so that it moves
//! as the agent walks.

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::{Finish, OpeningSpec, WallSpec, finishes};
use crate::config::RoomConfig;
use crate::scene::{Pattern, Rgb};

/// A kind of outdoors.
pub(crate) struct Landscape {
    /// One plain word.
    pub(crate) name: &'static str,
    sky: Rgb,
    haze: Rgb,
    ground: Finish,
    hill: [Rgb; 2],
    hill_height: [f32; 2],
    /// Colours of trees (or what stands in their place), and their height, metres.
    trees: [Rgb; 2],
    tree_height: [f32; 2],
    /// Width of a tree relative to its height.
    tree_width: f32,
    /// Chance that something near is a house.
    house_chance: f64,
    /// Walls of houses with their windows' colour, and their height to the roof, metres.
    houses: [[Rgb; 2]; 2],
    house_height: [f32; 2],
    /// Height of a roof relative to the house.
    roof: f32,
    roof_color: Rgb,
}

/// Every landscape.
pub(crate) const LANDSCAPES: &[Landscape] = &[
    Landscape {
        name: "meadow",
        sky: [0.16, 0.38, 0.82],
        haze: [0.62, 0.77, 0.92],
        ground: Finish { colors: [[0.20, 0.38, 0.09], [0.28, 0.43, 0.12]], pattern: Pattern::Checker(7.0) },
        hill: [[0.15, 0.30, 0.16], [0.24, 0.38, 0.34]],
        hill_height: [5.0, 16.0],
        trees: [[0.05, 0.17, 0.04], [0.10, 0.26, 0.05]],
        tree_height: [4.0, 9.0],
        tree_width: 0.5,
        house_chance: 0.2,
        houses: [[[0.75, 0.70, 0.60], [0.16, 0.18, 0.22]], [[0.60, 0.36, 0.24], [0.70, 0.70, 0.68]]],
        house_height: [3.0, 4.0],
        roof: 0.6,
        roof_color: [0.33, 0.09, 0.05],
    },
    Landscape {
        name: "town",
        sky: [0.36, 0.50, 0.68],
        haze: [0.72, 0.75, 0.78],
        ground: Finish { colors: [[0.24, 0.24, 0.25], [0.30, 0.30, 0.30]], pattern: Pattern::Checker(4.0) },
        hill: [[0.36, 0.39, 0.44], [0.45, 0.49, 0.54]],
        hill_height: [3.0, 8.0],
        trees: [[0.08, 0.19, 0.06], [0.13, 0.24, 0.07]],
        tree_height: [3.0, 6.0],
        tree_width: 0.55,
        house_chance: 0.75,
        houses: [[[0.42, 0.22, 0.16], [0.62, 0.66, 0.70]], [[0.55, 0.53, 0.48], [0.14, 0.19, 0.27]]],
        house_height: [7.0, 16.0],
        roof: 0.15,
        roof_color: [0.15, 0.14, 0.15],
    },
    Landscape {
        name: "desert",
        sky: [0.22, 0.47, 0.80],
        haze: [0.93, 0.80, 0.58],
        ground: Finish { colors: [[0.68, 0.46, 0.22], [0.75, 0.54, 0.29]], pattern: Pattern::Zigzag(5.0) },
        hill: [[0.42, 0.25, 0.16], [0.55, 0.39, 0.28]],
        hill_height: [8.0, 24.0],
        trees: [[0.13, 0.24, 0.09], [0.20, 0.30, 0.12]],
        tree_height: [2.0, 4.0],
        tree_width: 0.25,
        house_chance: 0.15,
        houses: [[[0.80, 0.66, 0.47], [0.20, 0.13, 0.09]], [[0.72, 0.52, 0.34], [0.20, 0.13, 0.09]]],
        house_height: [3.0, 5.0],
        roof: 0.08,
        roof_color: [0.60, 0.42, 0.26],
    },
    Landscape {
        name: "snow",
        sky: [0.42, 0.54, 0.70],
        haze: [0.84, 0.88, 0.93],
        ground: Finish { colors: [[0.80, 0.84, 0.90], [0.72, 0.78, 0.87]], pattern: Pattern::Checker(9.0) },
        hill: [[0.55, 0.63, 0.76], [0.70, 0.77, 0.87]],
        hill_height: [10.0, 30.0],
        trees: [[0.03, 0.09, 0.07], [0.06, 0.13, 0.10]],
        tree_height: [4.0, 10.0],
        tree_width: 0.42,
        house_chance: 0.2,
        houses: [[[0.28, 0.15, 0.08], [0.90, 0.66, 0.25]], [[0.40, 0.12, 0.09], [0.85, 0.82, 0.75]]],
        house_height: [2.8, 4.0],
        roof: 0.9,
        roof_color: [0.86, 0.89, 0.93],
    },
    Landscape {
        name: "sea",
        sky: [0.10, 0.34, 0.86],
        haze: [0.70, 0.84, 0.95],
        ground: Finish { colors: [[0.03, 0.17, 0.34], [0.05, 0.23, 0.41]], pattern: Pattern::Bands(3.0) },
        hill: [[0.20, 0.25, 0.14], [0.30, 0.36, 0.36]],
        hill_height: [2.0, 7.0],
        trees: [[0.80, 0.78, 0.74], [0.62, 0.60, 0.56]],
        tree_height: [4.0, 8.0],
        tree_width: 0.6,
        house_chance: 0.0,
        houses: [[[0.80, 0.76, 0.68], [0.2, 0.2, 0.2]]; 2],
        house_height: [3.0, 5.0],
        roof: 0.4,
        roof_color: [0.50, 0.12, 0.08],
    },
    Landscape {
        name: "evening",
        sky: [0.10, 0.09, 0.27],
        haze: [0.95, 0.42, 0.16],
        ground: Finish { colors: [[0.07, 0.08, 0.07], [0.10, 0.09, 0.08]], pattern: Pattern::Checker(8.0) },
        hill: [[0.12, 0.08, 0.17], [0.30, 0.15, 0.24]],
        hill_height: [4.0, 14.0],
        trees: [[0.03, 0.03, 0.04], [0.05, 0.04, 0.05]],
        tree_height: [4.0, 9.0],
        tree_width: 0.5,
        house_chance: 0.5,
        houses: [[[0.07, 0.06, 0.09], [0.95, 0.62, 0.16]], [[0.12, 0.09, 0.11], [0.90, 0.70, 0.30]]],
        house_height: [4.0, 9.0],
        roof: 0.4,
        roof_color: [0.05, 0.04, 0.06],
    },
];

/// Hills, and near things, beyond a wall with windows.
const HILLS: usize = 2;
const NEAR_THINGS: usize = 3;

/// What a flat thing outdoors is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutdoorKind {
    /// A triangle that rises from the ground: a hill, a tree, a sail.
    Peak,
    /// A front with windows under a gable.
    House,
}

/// A flat thing outdoors that faces a wall. Metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OutdoorThing {
    /// What it is.
    pub kind: OutdoorKind,
    /// The wall beyond which it stands: an index into `RoomSpec::walls`.
    pub wall: usize,
    /// Distance beyond the wall.
    pub distance: f32,
    /// Place of its middle along the wall, from the wall's beginning.
    pub along: f32,
    /// Greatest width.
    pub width: f32,
    /// Height, without its roof.
    pub height: f32,
    /// Height of its roof; 0 for none.
    pub roof: f32,
    /// Its colour, and that of its windows or its roof.
    pub finish: Finish,
    /// Colour of its roof.
    pub roof_color: Rgb,
}

/// What is seen through all windows of a room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutdoorsSpec {
    /// Name of the landscape.
    pub landscape: String,
    /// Linear light, overhead.
    pub sky: Rgb,
    /// The sky at the horizon.
    pub haze: Rgb,
    /// What the ground looks like.
    pub ground: Finish,
    /// Height of the ground relative to the room's floor, metres.
    pub ground_level: f32,
    /// Hills, trees and houses.
    pub things: Vec<OutdoorThing>,
}

/// A landscape beyond each wall that has a window.
pub(super) fn outdoors(
    rng: &mut impl Rng,
    config: &RoomConfig,
    walls: &[WallSpec],
    windows: &[OpeningSpec],
) -> Option<OutdoorsSpec> {
    let landscape = finishes::choose(rng, LANDSCAPES, &config.landscapes, |landscape| landscape.name);
    let ground_level = rng.random_range(-2.5..=-0.2);
    let mut things = Vec::new();
    for (index, wall) in walls.iter().enumerate() {
        // Every wall draws its own, so that a window more or less leaves the view from the others as it was.
        let beyond: Vec<OutdoorThing> = beyond_wall(rng, landscape, index, wall.length());
        if windows.iter().any(|window| window.wall == index) {
            things.extend(beyond);
        }
    }
    (!windows.is_empty()).then(|| OutdoorsSpec {
        landscape: landscape.name.to_string(),
        sky: landscape.sky,
        haze: landscape.haze,
        ground: landscape.ground,
        ground_level,
        things,
    })
}

fn beyond_wall(rng: &mut impl Rng, landscape: &Landscape, wall: usize, length: f32) -> Vec<OutdoorThing> {
    // Farthest first, so that what is nearer is drawn over it.
    let hills = (0..HILLS).map(|index| {
        let distance = 70.0 - 15.0 * index as f32;
        let height = rng.random_range(landscape.hill_height[0]..=landscape.hill_height[1]);
        OutdoorThing {
            kind: OutdoorKind::Peak,
            wall,
            distance,
            along: rng.random_range(-45.0..=45.0),
            width: height * rng.random_range(4.0..=8.0),
            height,
            roof: 0.0,
            finish: plain(landscape.hill[1 - index]),
            roof_color: landscape.roof_color,
        }
    });
    let mut things: Vec<OutdoorThing> = hills.collect();
    for index in 0..NEAR_THINGS {
        let nearness = index as f32 / (NEAR_THINGS - 1) as f32;
        let distance = rng.random_range(22.0..=30.0) - 16.0 * nearness;
        let spread = 0.5 * length + 0.5 * distance;
        let along = 0.5 * length + rng.random_range(-spread..=spread);
        let is_house = rng.random_bool(landscape.house_chance);
        let look = rng.random_range(0..2);
        let (share, width) = (rng.random_range(0.0..=1.0), rng.random_range(0.9..=1.5));
        let between = |[low, high]: [f32; 2]| low + share * (high - low);
        things.push(if is_house {
            let height = between(landscape.house_height);
            let finish = Finish { colors: landscape.houses[look], pattern: Pattern::Dots(1.5) };
            OutdoorThing {
                kind: OutdoorKind::House,
                wall,
                distance,
                along,
                width: width * 5.0,
                height,
                roof: landscape.roof * height,
                finish,
                roof_color: landscape.roof_color,
            }
        } else {
            let height = between(landscape.tree_height);
            OutdoorThing {
                kind: OutdoorKind::Peak,
                wall,
                distance,
                along,
                width: width * landscape.tree_width * height,
                height,
                roof: 0.0,
                finish: plain(landscape.trees[look]),
                roof_color: landscape.roof_color,
            }
        });
    }
    things
}

fn plain(color: Rgb) -> Finish {
    Finish { colors: [color; 2], pattern: Pattern::Plain }
}
